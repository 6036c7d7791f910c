"use strict";
(() => {
  const rows = [...document.querySelectorAll("details.req")];
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const search = form.elements.q;
  const valuesOf = (row, name) => name === "protocol" ? row.dataset.protocol.split(" ") : [row.dataset[name]];
  for (const select of form.querySelectorAll("select")) { // what there is to choose
    const values = new Set(rows.flatMap((row) => valuesOf(row, select.name)).filter(Boolean));
    select.append(...[...values].sort().map((value) => new Option(value)));
    if (!values.size) select.parentElement.remove();
  }
  const fields = [...form.querySelectorAll("select")];
  const known = rows.map((row) => {
    const titles = [...row.querySelectorAll("h3")].map((h) => h.textContent);
    return [row.firstElementChild.textContent, ...titles].join(" ").toLowerCase();
  });

  // A row is shown if it has every word and every value that was chosen.
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = fields.filter((f) => f.value);
    let count = 0;
    rows.forEach((row, i) => {
      const fits = words.every((w) => known[i].includes(w)) &&
        chosen.every((f) => valuesOf(row, f.name).includes(f.value));
      row.hidden = !fits;
      if (fits) count++;
    });
    shown.textContent = count === rows.length ? `${count} requirements` : `${count} of ${rows.length} requirements`;
    none.hidden = count > 0 || rows.length === 0;
  };

  // What is chosen stands in the address, so that it can be sent to somebody.
  const chosen = () => new URLSearchParams([search, ...fields].filter((f) => f.value).map((f) => [f.name, f.value])).toString();
  const changed = () => {
    filter();
    history.replaceState(null, "", chosen() ? "#?" + chosen() : location.pathname + location.search);
  };
  const choose = () => {
    const wanted = new URLSearchParams(location.hash.slice(2));
    [search, ...fields].forEach((f) => { f.value = wanted.get(f.name) || ""; });
    filter();
  };
  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(changed, rows.length > 2000 ? 150 : 0);
  });
  form.addEventListener("change", changed);
  form.addEventListener("submit", (e) => { e.preventDefault(); changed(); });
  form.addEventListener("reset", () => setTimeout(changed)); // when the fields are empty
  document.getElementById("all").addEventListener("click", () => rows.forEach((row) => { if (!row.hidden) row.open = true; }));
  document.getElementById("closed").addEventListener("click", () => rows.forEach((row) => { row.open = false; }));

  // A link to a requirement opens its row, also one that a filter hides.
  const reveal = () => {
    if (location.hash.startsWith("#?")) { choose(); return; }
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place) return;
    const row = place.closest("details.req");
    if (row && row.hidden) { [search, ...fields].forEach((f) => { f.value = ""; }); filter(); }
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

  // The arrow keys move within the grid, which is one stop of the tab key.
  const grid = () => {
    const table = document.querySelector("table.glance");
    if (!table) return;
    const links = [...table.querySelectorAll("a")];
    const first = table.querySelector("tbody a");
    links.forEach((a) => { a.tabIndex = a === first ? 0 : -1; });
    table.addEventListener("focusin", (e) => {
      links.forEach((a) => { a.tabIndex = -1; });
      e.target.tabIndex = 0;
    });
    table.addEventListener("keydown", (e) => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[e.key];
      const cell = e.target.closest("td, th");
      if (!step || !cell) return;
      e.preventDefault();
      let r = cell.parentElement.rowIndex, c = cell.cellIndex, next;
      do {
        r += step[0]; c += step[1];
        next = table.rows[r] && table.rows[r].cells[c];
      } while (next && !next.querySelector("a"));
      if (next) next.querySelector("a").focus();
    });
  };
  form.hidden = false;
  filter();
  addEventListener("DOMContentLoaded", () => { // the rest of the page is there
    grid();
    if (location.hash) reveal();
  });
})();
