import { controlPath, type Action, type Condition } from "../protocol.ts";
import { element, make, write } from "./element.ts";

/** A button that does something to the server. */
interface Switch {
  readonly action: Action;
  readonly name: string;
  readonly what: string;
  /** The server stays like this until it is restored. */
  readonly leadsTo?: Condition | undefined;
}

const switches: readonly Switch[] = [
  { action: "drop", name: "Drop", what: "cut every connection, without a goodbye" },
  { action: "restart", name: "Restart", what: "close with 1012, back after two seconds" },
  { action: "silence", name: "Silence", what: "stay open, say nothing more", leadsTo: "silent" },
  {
    action: "refuse",
    name: "Refuse",
    what: "drop all, answer 503 with Retry-After",
    leadsTo: "refusing",
  },
  {
    action: "slow",
    name: "Slow down",
    what: "fewer messages, answers take 0.4 s",
    leadsTo: "slow",
  },
  { action: "restore", name: "Restore", what: "make it well again" },
];

/** The buttons that hurt the server and restore it. */
export function serverView(): void {
  const pill = element("condition", HTMLElement);
  const fault = element("server-fault", HTMLElement);
  const buttons = switches.map(makeButton);
  element("actions", HTMLElement).append(...buttons);

  const show = (condition: Condition): void => {
    pill.dataset["condition"] = condition;
    write(pill, `server is ${condition}`);
    for (const [index, { leadsTo }] of switches.entries()) {
      if (leadsTo !== undefined) {
        buttons[index]!.setAttribute("aria-pressed", String(leadsTo === condition));
      }
    }
  };
  const ask = async (init?: RequestInit): Promise<void> => {
    try {
      const response = await fetch(controlPath, init);
      show((await response.text()) as Condition);
      write(fault, "");
    } catch {
      write(fault, "The server does not answer. Is it still running?");
    }
  };
  for (const [index, { action }] of switches.entries()) {
    buttons[index]!.addEventListener("click", () => {
      // It answers when it is back.
      if (action === "restart") show("restarting");
      void ask({ method: "POST", body: action });
    });
  }
  void ask();
}

function makeButton({ action, name, what, leadsTo }: Switch): HTMLButtonElement {
  const button = make(
    "button",
    {
      class: `button action ${action}`,
      type: "button",
      id: `action-${action}`,
      "aria-labelledby": `${action}-name`,
      "aria-describedby": `${action}-what`,
    },
    make("span", { class: "action-name", id: `${action}-name` }, name),
    make("span", { class: "action-what", id: `${action}-what` }, what),
  );
  if (leadsTo !== undefined) button.setAttribute("aria-pressed", "false");
  return button;
}
