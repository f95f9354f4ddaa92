// The self-search lab: what to look for, made of what somebody types, as text to copy into a window of their choice. Links
// that leave the kit are made only for whoever asks for them. Nothing is sent and nothing kept.
"use strict";
(() => {
  const { root, word, make, button } = lab;
  const MOST = 60, LONGEST = 80;
  const status = document.getElementById("lab-status");
  const shown = document.getElementById("lab-found");
  const links = document.getElementById("links");
  const engines = Array.from(root.querySelectorAll("[data-engine]")).map(
    (part) => ({ name: part.textContent, address: part.dataset.engine }));

  const lines = (id) => Array.from(new Set(
    document.getElementById(id).value.split(/[\n,;]/).map((line) => line.replace(/["“”«»]/g, "").trim().slice(0, LONGEST))
      .filter((line) => line.length > 1)));
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const exact = (text) => `"${text}"`;
  const unique = (queries) => Array.from(new Set(queries));

  // A name as it is written, without accents, and as registers write it: the family's first. A name of four words has two
  // of the family, as Spanish ones do; of three it may be either, and both are looked for.
  const writings = (name) => {
    const parts = name.split(/\s+/), turned = [];
    if (parts.length === 2) turned.push([1]);
    if (parts.length === 3) turned.push([1], [2]);
    if (parts.length >= 4) turned.push([parts.length - 2]);
    const registers = turned.map(([from]) => [...parts.slice(from), ...parts.slice(0, from)].join(" "));
    const short = parts.length >= 3 ? [`${parts[0]} ${parts[parts.length >= 4 ? parts.length - 2 : 1]}`] : [];
    return unique([name, plain(name), ...registers, ...short]);
  };
  const ofNames = (names, topics) => unique(names.flatMap((name) => [
    ...writings(name).map(exact), `${exact(name)} filetype:pdf`, ...topics.map((topic) => `${exact(name)} ${exact(topic)}`),
  ]));
  const ofHandles = (handles) => unique(handles.flatMap((handle) => {
    const bare = handle.replace(/^@/, "");
    return [exact(bare), exact(`@${bare}`)];
  }));
  // A number as it is typed, in one piece, and its last ten and eight digits: people leave out the country and the area.
  const ofNumbers = (numbers) => unique(numbers.flatMap((text) => {
    const digits = text.replace(/\D/g, "");
    if (text.includes("@") || digits.length < 7) return [exact(text)];
    return [text, digits, ...[10, 8].filter((count) => digits.length > count).map((count) => digits.slice(-count))].map(exact);
  }));

  const linked = (query) => engines.map(({ name, address }) => make("a", {
    href: address.replace("{query}", encodeURIComponent(query)), rel: "noreferrer noopener external", target: "_blank",
    "aria-label": `${word("search_in", { engine: name })}: ${query} ${word("leaves")}`,
  }, name));
  const listed = (title, queries) => (queries.length ? [
    make("h3", {}, word(title)),
    make("ol", { class: "queries" }, ...queries.map((query) => make("li", {},
      make("code", { translate: "no" }, query),
      ...(links.checked ? [make("span", { class: "engines" }, ...linked(query))] : [])))),
  ] : []);

  const show = () => {
    const names = ofNames(lines("names"), lines("topics"));
    const handles = ofHandles(lines("handles")), numbers = ofNumbers(lines("numbers"));
    const count = names.length + handles.length + numbers.length;
    if (!count) {
      shown.replaceChildren();
      status.textContent = word("nothing");
      return;
    }
    const most = (queries, before) => queries.slice(0, Math.max(0, MOST - before));
    shown.replaceChildren(
      ...listed("about_names", most(names, 0)),
      ...listed("about_handles", most(handles, names.length)),
      ...listed("about_numbers", most(numbers, names.length + handles.length)));
    status.textContent = count === 1 ? word("one")
      : word(count > MOST ? "too_many" : "many", { n: Math.min(count, MOST) });
  };
  const forget = () => {
    shown.replaceChildren();
    root.querySelectorAll("textarea").forEach((field) => { field.value = ""; });
    links.checked = false;
    status.textContent = "";
  };

  document.getElementById("lab-actions").append(
    button(word("make"), "primary", show),
    button(word("clear"), "quiet", () => { forget(); status.textContent = word("cleared"); }));
  links.addEventListener("change", () => { if (shown.firstChild) show(); });
  lab.begin(forget);
})();
