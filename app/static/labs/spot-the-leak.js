// Spot the leak: what was ticked is compared with the answers that stand in the page for everybody, piece by piece.
"use strict";
(() => {
  const { root, word, make, button } = lab;

  const feedback = (piece, ticked) => {
    const leaks = Boolean(piece.dataset.gives);
    const verdict = leaks ? word(ticked ? "yours" : "missed") : word(ticked ? "careful" : "fine");
    const says = piece.querySelector("[data-verdict]");
    says.replaceChildren(make("strong", {}, verdict), ` ${piece.dataset.why}`);
    says.hidden = false;
    piece.classList.toggle("right", leaks === ticked);
    piece.classList.add("judged");
  };
  const judge = (post, status) => {
    const pieces = Array.from(post.querySelectorAll("[data-piece]"));
    const ticked = (piece) => piece.querySelector("input").checked;
    pieces.forEach((piece) => feedback(piece, ticked(piece)));
    const leaks = pieces.filter((piece) => piece.dataset.gives);
    const found = leaks.filter(ticked).length;
    status.textContent = word(found === leaks.length ? "found_all" : "found_some", { n: found, all: leaks.length });
  };
  const forget = (post, status) => {
    post.querySelectorAll("input").forEach((box) => { box.checked = false; });
    post.querySelectorAll("[data-piece]").forEach((piece) => {
      piece.classList.remove("right", "judged");
      const says = piece.querySelector("[data-verdict]");
      says.hidden = true;
      says.replaceChildren();
    });
    status.textContent = "";
  };

  const posts = Array.from(root.querySelectorAll("[data-post]")).map((post) => {
    const status = make("p", { class: "status", role: "status" });
    post.querySelector("[data-answers]").hidden = true;
    post.append(
      make("p", { class: "actions" },
        button(word("check"), "primary", () => judge(post, status)),
        button(word("again"), "quiet", () => forget(post, status))),
      status);
    return () => forget(post, status);
  });
  lab.begin(() => posts.forEach((clear) => clear()));
})();
