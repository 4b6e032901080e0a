// Enhancements only: every page works without this file.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  const label = button.firstChild, words = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "✓ " + words;
    setTimeout(() => { label.textContent = words; }, 2000);
  });
}
for (const bar of document.querySelectorAll("[data-goto]")) {
  bar.addEventListener("click", () => { location.hash = bar.dataset.goto; });
}
// Fields left empty stay out of the address, so that it can be shared.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}

// Names offered while somebody types: a combobox with a listbox (WAI-ARIA Authoring Practices). Each is a monument's page.
const LEAST = 2, PAUSE = 150;

class Offers {
  constructor(input, number) {
    this.input = input;
    this.list = Object.assign(document.createElement("ul"), { id: `offers-${number}`, className: "offers", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.labels[0].textContent);
    this.status = Object.assign(document.createElement("span"), { className: "unseen" });
    this.status.setAttribute("role", "status");
    input.parentElement.append(this.list, this.status);
    input.type = "text"; // a search field may not be a combobox
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.addEventListener("input", (event) => { if (!event.isComposing) this.wait(); });
    input.addEventListener("compositionend", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]")));
  }

  get options() { return [...this.list.children]; }

  wait() {
    clearTimeout(this.timer);
    this.asked?.abort();
    if ([...this.input.value.trim()].length < LEAST) return this.close();
    this.timer = setTimeout(() => this.ask(this.input.value), PAUSE);
  }

  async ask(text) {
    this.asked = new AbortController();
    try {
      const answer = await fetch(`${this.input.dataset.suggest}?${new URLSearchParams({ q: text })}`, this.asked);
      if (answer.ok && document.activeElement === this.input) this.show((await answer.json()).suggestions);
    } catch { /* another letter was typed, or the register does not answer: the search itself still works */ }
  }

  show(suggestions) {
    this.list.replaceChildren(...suggestions.map((one, place) => this.option(one, place)));
    this.list.hidden = suggestions.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(null);
    this.status.textContent = this.input.dataset.suggested.replace("{count}", suggestions.length);
  }

  option(one, place) {
    const option = Object.assign(document.createElement("li"), { id: `${this.list.id}-${place}` });
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.url = one.url;
    const name = Object.assign(document.createElement("bdi"), { lang: one.language });
    for (const { text, matches } of one.parts) {
      const part = matches ? document.createElement("mark") : document.createTextNode(text);
      if (matches) part.textContent = text;
      name.append(part);
    }
    option.append(name);
    if (one.label !== one.text) option.append(Object.assign(document.createElement("span"), { className: "faint", textContent: one.label }));
    return option;
  }

  choose(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
    this.chosen = option;
  }

  press(event) {
    if (event.isComposing || this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const places = [null, ...this.options];
      this.choose(places.at((places.indexOf(this.chosen) + step) % places.length));
    } else if (event.key === "Enter" && this.chosen) this.go(this.chosen);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  go(option) { if (option) location.assign(option.dataset.url); }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.choose(null);
  }
}
document.querySelectorAll("input[data-suggest]").forEach((input, number) => new Offers(input, number));
