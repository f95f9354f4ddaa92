// The passphrase lab: words by dice, the reader's own or the browser's generator of random numbers, out of the list that
// the page holds for everybody. What they are worth stands in the page's table; the script points at its line.
"use strict";
(() => {
  const { word, make, button } = lab;
  const DICE = 5, AGAIN = 63;
  const field = document.getElementById("dice");
  const status = document.getElementById("lab-status");
  const shown = document.getElementById("lab-found");
  const wanted = document.getElementById("how-many");
  const rows = Array.from(document.querySelectorAll("tr[data-words]"));
  const fewest = Number(rows[0].dataset.words), most = Number(rows[rows.length - 1].dataset.words);

  // The list as the page shows it: a block for the first three dice, and in it a word for the last two.
  const words = new Map();
  document.querySelectorAll("ol[data-block]").forEach((block) => {
    Array.from(block.children).forEach((item) => words.set(`${block.dataset.block} ${item.value}`, item.textContent));
  });
  let drawn = [];

  // Two dice make a number from 11 to 66; from 63 on they are rolled again, so that each word is as likely as any other.
  const wordOf = (dice) => {
    const block = dice[0] % 2 ? "odd" : "even";
    return words.get(`${block} ${dice[1]}${dice[2]} ${dice[3]}${dice[4]}`);
  };
  const isRolledAgain = (dice) => Number(`${dice[1]}${dice[2]}`) >= AGAIN || Number(`${dice[3]}${dice[4]}`) >= AGAIN;

  // A die from a random byte: 252 is the largest multiple of six below 256, and what lies above would favour low numbers.
  const die = () => {
    const byte = new Uint8Array(1);
    do crypto.getRandomValues(byte); while (byte[0] >= 252);
    return byte[0] % 6 + 1;
  };
  const roll = () => {
    let dice;
    do dice = Array.from({ length: DICE }, die); while (isRolledAgain(dice));
    return dice;
  };

  const show = () => {
    rows.forEach((row) => row.classList.toggle("chosen", Number(row.dataset.words) === drawn.length));
    shown.replaceChildren();
    if (!drawn.length) return;
    const row = rows.find((candidate) => Number(candidate.dataset.words) === drawn.length);
    const worth = row ? make("ul", {}, ...Array.from(row.querySelectorAll("[data-says]")).map(
      (cell) => make("li", {}, `${cell.dataset.says}: ${cell.textContent.trim()}`)))
      : make("p", {}, word("too_few", { n: fewest }));
    shown.append(
      make("p", { class: "code", translate: "no", "aria-label": word("phrase") }, drawn.map(({ text }) => text).join(" ")),
      make("div", { class: "table" }, make("table", { class: "facts" },
        make("thead", {}, make("tr", {},
          make("th", { scope: "col" }, word("dice_column")), make("th", { scope: "col" }, word("word_column")))),
        make("tbody", { translate: "no" }, ...drawn.map(({ dice, text }) => make("tr", {},
          make("td", {}, dice.join(" ")), make("td", {}, text)))))),
      make("h3", {}, word("strength", { n: drawn.length, bits: drawn.length * 11 })), worth);
  };
  const progress = () => (drawn.length >= Number(wanted.value) ? word("enough")
    : word("progress", { n: drawn.length, all: wanted.value }));

  const add = () => {
    const dice = (field.value.match(/\d/g) || []).map(Number);
    if (drawn.length >= most) status.textContent = word("full", { n: most });
    else if (dice.length !== DICE) status.textContent = word("not_five");
    else if (dice.some((value) => value < 1 || value > 6)) status.textContent = word("not_dice");
    else if (isRolledAgain(dice)) status.textContent = word("again");
    else {
      drawn = [...drawn, { dice, text: wordOf(dice) }];
      field.value = "";
      show();
      status.textContent = `${word("added", { word: drawn[drawn.length - 1].text })} ${progress()}`;
    }
    field.focus();
  };
  const rollAll = () => {
    drawn = Array.from({ length: Number(wanted.value) }, () => {
      const dice = roll();
      return { dice, text: wordOf(dice) };
    });
    show();
    status.textContent = word("rolled", { n: drawn.length });
  };
  const takeBack = () => {
    drawn = drawn.slice(0, -1);
    show();
    status.textContent = drawn.length ? progress() : word("empty");
  };
  const forget = () => {
    drawn = [];
    field.value = "";
    show();
    status.textContent = "";
  };

  document.getElementById("lab-roll").append(button(word("roll"), "primary", rollAll));
  document.getElementById("lab-add").append(button(word("add"), "secondary", add));
  document.getElementById("lab-actions").append(
    button(word("take_back"), "quiet", takeBack),
    button(word("begin_again"), "quiet", () => { forget(); status.textContent = word("empty"); }));
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
  lab.begin(forget);
})();
