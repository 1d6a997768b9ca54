/** The element with this id. @throws Error when the page has none of this kind */
export function element<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} with id ${id}`);
  return found;
}

/** An HTML element, with its attributes and what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes a text, unless it is there already: a live region would say it again. */
export function write(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Tells whether a press of the button does something. One with `disabled` would lose the focus. */
export function setAvailable(button: HTMLButtonElement, available: boolean): void {
  button.setAttribute("aria-disabled", String(!available));
}

/** Whether a press of the button is to be heeded. */
export function isAvailable(button: HTMLButtonElement): boolean {
  return button.getAttribute("aria-disabled") !== "true";
}

/**
 * Makes the children of `parent` match `keys` in order: existing ones are kept, so that focus and transitions
 * survive, missing ones are made.
 */
export function match(
  parent: Element,
  keys: readonly string[],
  create: (key: string) => HTMLElement,
): readonly HTMLElement[] {
  const existing = new Map<string, HTMLElement>();
  for (const child of parent.children as HTMLCollectionOf<HTMLElement>) {
    existing.set(child.dataset["key"] ?? "", child);
  }
  const matched = keys.map((key, index) => {
    const child = existing.get(key) ?? create(key);
    existing.delete(key);
    child.dataset["key"] = key;
    if (parent.children[index] !== child)
      parent.insertBefore(child, parent.children[index] ?? null);
    return child;
  });
  for (const child of existing.values()) child.remove();
  return matched;
}
