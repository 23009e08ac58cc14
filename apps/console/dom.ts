import { partsOf } from './visible-text.js';

/** The element of the page with this id; the page and this script come together, so it is there. */
export function byId<T extends Element = HTMLElement>(id: string): T {
  const found = document.querySelector<T>(`#${id}`);
  if (!found) throw new Error(`The page has no #${id}`);
  return found;
}

/** A new element with what is in it. Texts become text, never markup. */
export function element(tag: string, className: string, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}

/** A button that does something. */
export function button(label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.append(label);
  made.addEventListener('click', act);
  return made;
}

/** Text of a log: what would not be seen in it is shown by its name. */
export function logText(text: string): DocumentFragment {
  const shown = document.createDocumentFragment();
  for (const part of partsOf(text))
    shown.append(part.escaped ? element('span', 'escaped', part.text) : part.text);
  return shown;
}
