"use strict";
/* What moves on a report's page. Text of people reaches it as text and leaves it as text: no innerHTML anywhere. */
(() => {
  const page = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const number = new Intl.NumberFormat(page.dataset.forms);
  const words = new Intl.Collator(page.lang, { numeric: true, sensitivity: "base" });
  const colour = (name) => getComputedStyle(page).getPropertyValue(`--${name}`).trim();
  const make = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  /* Tooltips: one box, filled with text. */
  const box = document.body.appendChild(make("div", "", "tip"));
  box.hidden = true;
  const say = (value) => {
    if (value === null || typeof value !== "object") return [make("p", String(value))];
    const list = make("dl");
    for (const [name, one] of Object.entries(value)) list.append(make("dt", name), make("dd", String(one)));
    return [list];
  };
  const tooltip = (_handler, event, _item, value) => {
    box.hidden = value === null || value === undefined || value === "";
    if (box.hidden) return;
    box.replaceChildren(...say(value));
    const { clientX: x, clientY: y } = event;
    const left = x + 14 + box.offsetWidth > innerWidth ? x - 14 - box.offsetWidth : x + 14;
    const top = y + 14 + box.offsetHeight > innerHeight ? y - 14 - box.offsetHeight : y + 14;
    box.style.left = `${Math.max(4, left)}px`;
    box.style.top = `${Math.max(4, top)}px`;
  };

  /* Charts. Expressions are interpreted (`ast`), never made into functions: the page forbids that. */
  const many = ["hconcat", "vconcat", "concat", "facet", "repeat"];
  const apart = ["row", "column", "facet"];
  const look = () => ({
    background: "transparent",
    font: getComputedStyle(document.body).fontFamily,
    aria: false,
    mark: { aria: false },
    view: { stroke: null },
    axis: { labelColor: colour("soft"), titleColor: colour("soft"), gridColor: colour("line"),
            domainColor: colour("line"), tickColor: colour("line") },
    legend: { labelColor: colour("soft"), titleColor: colour("soft") },
    header: { labelColor: colour("soft"), titleColor: colour("soft") },
    title: { color: colour("ink") },
  });
  const drawn = new Map();
  const draw = async (figure) => {
    const spec = JSON.parse(figure.querySelector("script").textContent);
    delete spec.usermeta;
    if (!many.some((key) => key in spec) && !apart.some((key) => key in (spec.encoding ?? {}))) spec.width = "container";
    drawn.get(figure)?.finalize();
    try {
      const made = await vegaEmbed(figure.querySelector(".drawing"), spec, {
        mode: "vega-lite", ast: true, actions: false, renderer: "svg", defaultStyle: false, hover: false,
        logLevel: 1,
        config: look(), tooltip, loader: { target: "_blank", rel: "noopener noreferrer" },
      });
      drawn.set(figure, made);
      figure.classList.add("drawn");
    } catch (reason) {
      figure.classList.add("undrawn"); /* the picture stays */
      console.error(reason);
    }
  };
  const charts = [...document.querySelectorAll("figure.chart")];
  const drawAll = async () => { for (const figure of charts) await draw(figure); page.classList.add("ready"); };
  if (charts.length) dark.addEventListener("change", drawAll);

  /* Tables: sorted by a click on a head, found in by a few letters, folded where they are long. */
  const arm = (block) => {
    const table = block.querySelector("table");
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const find = block.querySelector("input");
    const all = block.querySelector("button.all");
    const told = block.querySelector("output");
    const fold = Number(block.dataset.fold);
    let most = fold || Infinity;

    const show = () => {
      const sought = (find?.value ?? "").trim().toLocaleLowerCase(page.lang);
      let here = 0;
      for (const row of body.rows) {
        const fits = !sought || row.textContent.toLocaleLowerCase(page.lang).includes(sought);
        row.hidden = !fits || here >= most;
        if (fits) here += 1;
      }
      if (all) all.hidden = here <= most;
      if (told) told.textContent = sought ? told.dataset.said.replace("{here}", number.format(here)) : "";
    };
    const key = (row, at) => {
      const cell = row.cells[at];
      if ("none" in cell.dataset) return null;
      return "v" in cell.dataset ? Number(cell.dataset.v) : cell.textContent;
    };
    const sort = (at) => {
      const was = heads[at].getAttribute("aria-sort");
      const down = was ? was === "ascending" : heads[at].classList.contains("figure");
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      heads[at].setAttribute("aria-sort", down ? "descending" : "ascending");
      const keyed = rows.map((row) => [key(row, at), row]);
      keyed.sort(([a], [b]) => {
        if (a === null || b === null) return (a === null) - (b === null);
        const order = typeof a === "number" ? a - b : words.compare(a, b);
        return down ? -order : order;
      });
      body.append(...keyed.map(([, row]) => row));
      show();
    };
    if (table.className) for (const row of rows) heads.forEach((head, at) => { row.cells[at].dataset.head = head.textContent; });
    heads.forEach((head, at) => {
      const button = make("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(at));
      head.append(button);
    });
    if (find) { find.parentElement.hidden = false; find.addEventListener("input", show); }
    if (all) all.addEventListener("click", () => { most = Infinity; show(); });
    show();
  };
  document.querySelectorAll(".table").forEach(arm);
  drawAll();
})();
