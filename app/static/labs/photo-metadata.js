// The photo lab: shows what a chosen file tells, as a plain table, and offers a copy that tells less. The file is read in
// the page; there is no form around it, and nothing is sent.
"use strict";
(() => {
  const { word, number, make, button } = lab;
  const LARGEST = 64 * 1024 * 1024;
  const field = document.getElementById("photo");
  const status = document.getElementById("lab-status");
  const shown = document.getElementById("lab-found");
  let address = "", turn = 0;

  const GROUPS = [
    ["group_place", ["position", "exactness", "position_error", "altitude", "direction", "speed", "area", "place_words"]],
    ["group_time", ["taken", "digitised", "changed", "zone", "gps_time"]],
    ["group_device", ["make", "model", "serial", "lens", "lens_serial", "owner", "software", "image_id", "maker_note"]],
    ["group_people", ["author", "credit", "copyright", "title", "caption", "keywords", "comment", "faces"]],
    ["group_other", ["file_name", "thumbnail", "second_picture", "history", "credentials", "trailer"]],
  ];
  // What is told by an amount or by being there; all else is told by its own words.
  const SAID = {
    altitude: (value) => word(value < 0 ? "below_sea" : "metres", { n: number(Math.abs(value), 1) }),
    direction: (value) => word("degrees", { n: number(value, 0) }),
    speed: (value) => word("kilometres_hour", { n: number(value, 1) }),
    maker_note: (value) => `${word("bytes", { n: number(value) })} ${word("maker_note_says")}`,
    thumbnail: () => `${word("present")} ${word("thumbnail_says")}`,
    second_picture: () => `${word("present")} ${word("second_picture_says")}`,
    history: () => `${word("present")} ${word("history_says")}`,
    credentials: () => `${word("present")} ${word("credentials_says")}`,
    trailer: (value) => `${word("bytes", { n: number(value) })} ${word("trailer_says")}`,
    file_name: (value) => `${value} ${word("file_name_says")}`,
  };
  const DATES = ["taken", "digitised", "changed", "gps_time"];
  const dated = (text) => text.replace(/^(\d{4}):(\d\d):(\d\d)/, "$1-$2-$3");
  const near = (metres) => {
    if (metres <= 30) return "near_house";
    if (metres <= 300) return "near_street";
    return metres <= 3000 ? "near_quarter" : "near_town";
  };

  const rowsOf = (found, name) => {
    const rows = new Map();
    found.facts.forEach((values, key) => {
      rows.set(key, values.map((value) => (SAID[key] ? SAID[key](value) : DATES.includes(key) ? dated(value) : value)));
    });
    const { place } = found;
    if (place) {
      rows.set("position", [[place.latitude, place.longitude].map((value) => value.toFixed(place.digits)).join(", ")]);
      rows.set("exactness", [word(near(Math.max(place.metres, place.error)))]);
      if (place.error) rows.set("position_error", [word("metres", { n: number(place.error, 1) })]);
    }
    rows.set("file_name", [SAID.file_name(name)]);
    return rows;
  };

  const table = (rows) => {
    const body = GROUPS.map(([group, keys]) => [group, keys.filter((key) => rows.has(key))])
      .filter(([, keys]) => keys.length)
      .map(([group, keys]) => make("tbody", {},
        make("tr", {}, make("th", { colspan: "2", scope: "rowgroup", class: "group" }, word(group))),
        ...keys.map((key) => make("tr", {},
          make("th", { scope: "row" }, word(key)),
          make("td", {}, ...rows.get(key).map((value) => make("p", {}, value)))))));
    return make("div", { class: "table" }, make("table", { class: "facts" },
      make("caption", {}, word("table")),
      make("thead", {}, make("tr", {},
        make("th", { scope: "col" }, word("column_what")), make("th", { scope: "col" }, word("column_says")))),
      ...body));
  };

  // What stands above the table: the place first, for it is what matters most.
  const verdicts = (found) => {
    const say = [];
    if (found.place) say.push(word("found"));
    else if (found.brokenPlace) say.push(word("place_broken"));
    else say.push(word(found.facts.size ? "no_place" : "found_nothing"));
    if (!found.whole) say.push(word("cut"));
    else if (found.damaged) say.push(word("damaged"));
    return say.map((text, index) => make("p", { class: index ? "meta" : "verdict" }, text));
  };

  const forgetCopy = () => {
    if (address) URL.revokeObjectURL(address);
    address = "";
  };
  const forget = () => {
    turn += 1;
    forgetCopy();
    shown.replaceChildren();
    status.textContent = "";
  };

  // The copy is read again before it is offered: it isn't called clean because the program meant to clean it.
  const copying = (bytes) => {
    const place = make("div", { class: "copy", role: "status" });
    const offer = () => {
      forgetCopy();
      const copy = jpegMetadata.strip(bytes);
      const left = copy && jpegMetadata.read(copy);
      if (!copy || left.facts.size || left.place || left.brokenPlace) {
        place.replaceChildren(make("p", { class: "error" }, word("strip_failed")));
        return;
      }
      address = URL.createObjectURL(new Blob([copy], { type: "image/jpeg" }));
      place.replaceChildren(
        make("p", {}, word("strip_ready", { n: number(bytes.length - copy.length) })),
        make("p", {}, make("a", { class: "button primary", href: address, download: "photo.jpg" }, word("strip_save"))),
        make("ul", {}, ...["strip_left", ...(left.turned > 1 ? ["strip_turn"] : []), "strip_picture"].map(
          (key) => make("li", {}, word(key)))));
    };
    return [make("p", { class: "actions" }, button(word("strip"), "secondary", offer)), place];
  };

  const show = (bytes, name) => {
    const found = jpegMetadata.read(bytes);
    if (found.problem) {
      const kind = found.kind ? ` ${word(`kind_${found.kind}`)}` : "";
      shown.replaceChildren(make("p", { class: "error" }, word(found.problem) + kind));
      return;
    }
    shown.replaceChildren(...verdicts(found), table(rowsOf(found, name)), ...(found.whole ? copying(bytes) : []));
  };

  const chosen = async () => {
    forget();
    const mine = turn, file = field.files[0];
    if (!file) return;
    if (file.size > LARGEST) {
      shown.replaceChildren(make("p", { class: "error" }, word("too_large")));
      return;
    }
    status.textContent = word("reading");
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (mine === turn) show(bytes, file.name);
    } catch (unreadable) {
      if (mine === turn) shown.replaceChildren(make("p", { class: "error" }, word("unreadable")));
    }
    if (mine === turn) status.textContent = "";
  };

  field.addEventListener("change", chosen);
  lab.begin(forget);
})();
