// What every lab's script stands on: its words, which the page holds in the reader's language, and how a lab begins and
// forgets. Nothing here or in a lab's script asks the network for anything, and nothing is kept.
"use strict";
const lab = (() => {
  const root = document.querySelector("[data-lab]");
  const written = document.getElementById("written");
  const words = {};
  document.getElementById("lab-words").content.querySelectorAll("[data-word]").forEach((part) => {
    words[part.dataset.word] = part.textContent;
  });

  // A word of the page, with values in the place of {name}.
  const word = (key, values) => {
    if (words[key] === undefined) throw new Error(`no word for ${key}`);
    return words[key].replace(/\{([a-z]+)\}/g, (hole, name) => (values && name in values ? String(values[name]) : hole));
  };

  // A number as both languages may write it: a point before decimals, and narrow spaces in a long one.
  const number = (value, digits) => {
    const [whole, rest] = String(Number(value.toFixed(digits || 0))).split(".");
    const apart = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
    return rest ? `${apart}.${rest}` : apart;
  };

  // An element with its attributes; what stands in it is text or further elements, never markup.
  const make = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...inside);
    return made;
  };

  const button = (text, kind, pressed) => {
    const made = make("button", { type: "button", class: kind }, text);
    made.addEventListener("click", pressed);
    return made;
  };

  // Show the lab, fold what it says in writing, and forget everything when the page is left: Back finds it empty.
  // A browser that is too old for a lab keeps the writing.
  const begin = (forget) => {
    if (!root.replaceChildren || !Blob.prototype.arrayBuffer) return;
    root.hidden = false;
    written.open = false;
    window.addEventListener("pagehide", () => {
      forget();
      root.querySelectorAll("input, textarea").forEach((field) => {
        if (field.type === "checkbox") field.checked = false;
        else field.value = "";
      });
    });
  };

  return { root, word, number, make, button, begin };
})();
