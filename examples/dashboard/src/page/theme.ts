import { element, write } from "./element.ts";

type Theme = "light" | "dark";

const storageKey = "theme";

/** Light or dark as the system says, or as the button does; tells whoever draws by itself. */
export function theme(onChange: () => void): void {
  const root = document.documentElement;
  const button = element("theme", HTMLButtonElement);
  const name = element("theme-name", HTMLElement);
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = storedTheme();

  const current = (): Theme => chosen ?? (system.matches ? "dark" : "light");
  const show = (): void => {
    root.dataset["theme"] = current();
    const other = current() === "dark" ? "Light" : "Dark";
    write(name, other);
    button.setAttribute("aria-label", `${other} theme`);
    onChange();
  };
  button.addEventListener("click", () => {
    chosen = current() === "dark" ? "light" : "dark";
    store(chosen);
    show();
  });
  system.addEventListener("change", show);
  show();
}

function storedTheme(): Theme | undefined {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === "light" || stored === "dark" ? stored : undefined;
  } catch {
    // Storage may be forbidden; the system's theme serves.
    return undefined;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // It is chosen for this visit, then.
  }
}
