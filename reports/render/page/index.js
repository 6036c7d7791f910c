"use strict";
(() => {
  const rows = [...document.querySelectorAll("details.req")];
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const fields = ["verdict", "group", "level", "protocol"].map((name) => form.elements[name]).filter(Boolean);
  const search = form.elements.q;
  const known = rows.map((row) => {
    const titles = [...row.querySelectorAll("h4")].map((h) => h.textContent);
    return [row.firstElementChild.textContent, row.dataset.words || "", ...titles].join(" ").toLowerCase();
  });

  // A row is shown if it has every word and every value that was chosen.
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = fields.filter((f) => f.value);
    let count = 0;
    rows.forEach((row, i) => {
      const fits = words.every((w) => known[i].includes(w)) &&
        chosen.every((f) => (f.name === "protocol" ? row.dataset.protocol.split(" ").includes(f.value) : row.dataset[f.name] === f.value));
      row.hidden = !fits;
      if (fits) count++;
    });
    shown.textContent = count === rows.length ? `${count} requirements` : `${count} of ${rows.length} requirements`;
    none.hidden = count > 0 || rows.length === 0;
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, rows.length > 2000 ? 150 : 0);
  });
  form.addEventListener("change", filter);
  form.addEventListener("submit", (e) => { e.preventDefault(); filter(); });
  form.addEventListener("reset", () => setTimeout(filter)); // when the fields are empty
  document.getElementById("all").addEventListener("click", () => rows.forEach((row) => { if (!row.hidden) row.open = true; }));
  document.getElementById("closed").addEventListener("click", () => rows.forEach((row) => { row.open = false; }));

  // A count at the top shows the requirements that it counts.
  document.querySelectorAll("a[data-verdict]").forEach((a) => a.addEventListener("click", () => {
    form.reset();
    form.elements.verdict.value = a.dataset.verdict;
    filter();
  }));

  // A link to a requirement opens its row, also one that a filter hides.
  const reveal = () => {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const row = place.closest("details.req");
    if (row && row.hidden) { form.reset(); filter(); }
    for (let e = place; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    if (!row) return;
    const show = () => (place.parentElement === row ? row : place).scrollIntoView();
    show();
    requestAnimationFrame(() => requestAnimationFrame(show)); // rows that came into sight may have other heights than was thought
    row.firstElementChild.focus({preventScroll: true});
    rows.forEach((r) => r.classList.toggle("here", r === row));
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (e) => {
    const a = e.target.closest && e.target.closest("a[href^='#']");
    if (a && a.getAttribute("href") === location.hash) reveal(); // no hashchange: it is there already
  });

  // In a large report the steps stand once, with their protocol: a row that is
  // opened gets a copy.
  document.addEventListener("toggle", (e) => {
    if (!e.target.matches || !e.target.matches("details.req") || !e.target.open) return;
    e.target.querySelectorAll("[data-copy]").forEach((at) => {
      const from = document.getElementById(at.dataset.copy);
      if (!from) return;
      at.removeAttribute("data-copy");
      const copy = from.cloneNode(true);
      copy.querySelectorAll(":scope > summary, :scope > h5, :scope > dl").forEach((n) => n.remove());
      copy.querySelectorAll("[id]").forEach((n) => n.removeAttribute("id"));
      at.replaceChildren(...copy.childNodes);
    });
  }, true);

  // The arrow keys move within the grid, which is one stop of the tab key.
  const grid = document.querySelector("table.grid");
  if (grid) {
    const links = [...grid.querySelectorAll("tbody td a")];
    links.forEach((a, i) => { a.tabIndex = i ? -1 : 0; });
    grid.addEventListener("keydown", (e) => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[e.key];
      const cell = e.target.closest("td");
      if (!step || !cell) return;
      e.preventDefault();
      let r = cell.parentElement.rowIndex, c = cell.cellIndex, next;
      do {
        r += step[0]; c += step[1];
        next = grid.rows[r] && grid.rows[r].cells[c];
      } while (next && next.tagName === "TD" && !next.firstElementChild);
      const link = next && next.tagName === "TD" && next.querySelector("a");
      if (!link) return;
      e.target.tabIndex = -1;
      link.tabIndex = 0;
      link.focus();
    });
  }

  document.addEventListener("keydown", (e) => {
    if (e.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) {
      e.preventDefault();
      search.focus();
    }
  });
  form.hidden = false;
  filter();
  if (location.hash) addEventListener("DOMContentLoaded", reveal);
})();
