// Links to records as pickers: what is typed is looked for. Fetched when the first one is on a page.
import { composing } from "../ready.js";

let library;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.picker;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function line(data, escape) {
  const note = data.note ? ` <small>${escape(data.note)}</small>` : "";
  return `<div title="${escape(data.label)}">${escape(data.label)}${note}</div>`;
}

async function suggest(href, query, callback) {
  const url = new URL(href, location.href);
  url.searchParams.set("q", query);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    callback(answer.ok ? await answer.json() : []);
  } catch {
    callback([]);
  }
}

// While an input method composes, its letters are no search; the word that comes of them is.
function waitForWords({ wrapper }) {
  wrapper.addEventListener("input", (event) => composing(event) && event.stopPropagation(), true);
  wrapper.addEventListener("compositionend", ({ target }) => target.dispatchEvent(new Event("input", { bubbles: true })));
}

function dress(select) {
  if (select.tomselect) return;
  const { suggest: href, none } = select.dataset;
  const settings = {
    valueField: "value",
    labelField: "label",
    searchField: href ? [] : ["label", "note"],
    maxOptions: 50,
    allowEmptyOption: false,
    onDropdownClose() {
      clearTimeout(this.refreshTimeout); // what was typed before the list closed isn't looked for after it
      this.refreshTimeout = null;
    },
    placeholder: select.options[0]?.value === "" ? select.options[0].text : "",
    render: {
      option: line,
      item: line,
      no_results: (data, escape) => `<div class="no-results">${escape(none)}</div>`,
    },
  };
  if (href) {
    settings.preload = "focus";
    settings.load = function (query, callback) {
      suggest(href, query, (found) => {
        const meant = query === this.inputValue(); // answers overtake each other
        if (meant) this.clearOptions(); // but what is chosen: of what was offered before nothing is meant by these letters
        this.isLocked = !this.isOpen; // what comes after a choice, or after Escape, doesn't open the list again
        callback(meant ? found : []);
        this.isLocked = false;
      });
    };
    settings.shouldLoad = () => true;
  }
  [...select.options].forEach((o) => (o.dataset.data = JSON.stringify({ value: o.value, label: o.text, note: o.dataset.note })));
  const held = document.activeElement === select;
  const picker = new TomSelect(select, settings);
  waitForWords(picker);
  select.ariaHidden = "true";
  if (held) picker.focus(); // whoever was in the select before its picker came, goes on in the picker
}

export const dressAll = (selects) => load().then(() => selects.forEach(dress), () => {});
