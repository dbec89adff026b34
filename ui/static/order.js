// A list whose items are put in order: by dragging a grip, or with the arrow keys on it. All text is set as text.
const waits = 250, trusts = 4000;

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement;
  const list = root.querySelector("ol"), said = root.querySelector(".said");
  const state = (root.__order ??= { order: null, since: 0, timer: 0 });
  const given = data.items.map((one) => one.id);
  if (state.order && (same(state.order, given) || !alike(state.order, given) || Date.now() - state.since > trusts))
    state.order = null;
  const order = state.order ?? given;
  const items = new Map(data.items.map((one) => [one.id, one]));
  list.setAttribute("aria-label", data.words.list);

  const rows = new Map([...list.children].map((one) => [one.dataset.id, one]));
  for (const [id, row] of rows) if (!items.has(id)) row.remove();
  order.forEach((id) => {
    const row = rows.get(id) ?? made(id);
    drawn(row, items.get(id));
    rows.set(id, row);
  });
  arrange(order);
  label();

  function made(id) {
    const row = document.createElement("li");
    row.dataset.id = id;
    const grip = document.createElement("button"), open = document.createElement("button");
    grip.className = "grip"; open.className = "open"; grip.type = open.type = "button";
    grip.append(span("icon", "drag_indicator"));
    const words = span("words", "");
    words.append(span("title", ""), span("about", ""));
    open.append(span("icon", ""), words);
    row.append(grip, open);
    return row;
  }

  function drawn(row, one) {
    const chosen = one.id === data.chosen;
    row.classList.toggle("chosen", chosen);
    const open = row.querySelector(".open"), grip = row.querySelector(".grip");
    open.querySelector(".icon").textContent = one.icon;
    open.querySelector(".title").textContent = one.title;
    open.querySelector(".about").textContent = one.about;
    open.setAttribute("aria-pressed", String(chosen));
    open.onclick = () => setTriggerValue("pick", one.id);
    grip.title = data.words.grip;
    grip.onkeydown = (event) => pressed(event, one.id);
    grip.onpointerdown = (event) => held(event, row, grip);
  }

  function span(name, text) {
    const one = document.createElement("span");
    one.className = name;
    one.textContent = text;
    if (name === "icon") one.setAttribute("aria-hidden", "true");
    return one;
  }

  function now() { return [...list.children].map((one) => one.dataset.id); }

  function arrange(wanted) {
    if (same(now(), wanted)) return;
    const focused = root.activeElement ?? document.activeElement;
    wanted.forEach((id) => list.append(rows.get(id)));
    if (focused && list.contains(focused)) focused.focus();
  }

  function label() {
    now().forEach((id, at) => {
      const words = data.words.place.replace("{title}", items.get(id).title).replace("{at}", at + 1)
        .replace("{all}", given.length);
      rows.get(id).querySelector(".grip").setAttribute("aria-label", words);
    });
  }

  function pressed(event, id) {
    const from = now().indexOf(id), last = given.length - 1;
    const to = { ArrowUp: from - 1, ArrowDown: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (to < 0 || to > last || to === from) return;
    const next = now();
    next.splice(to, 0, ...next.splice(from, 1));
    put(next);
    const grip = rows.get(id).querySelector(".grip");
    grip.focus();
    grip.scrollIntoView({ block: "nearest" });
    said.textContent = grip.getAttribute("aria-label");
  }

  function held(event, row, grip) {
    if (event.button !== 0) return;
    grip.setPointerCapture(event.pointerId);
    const before = now();
    row.classList.add("held");
    grip.onpointermove = (moved) => {
      const others = [...list.children].filter((one) => one !== row);
      const next = others.find((one) => {
        const box = one.getBoundingClientRect();
        return moved.clientY < box.top + box.height / 2;
      });
      if ((next ?? null) !== row.nextElementSibling) list.insertBefore(row, next ?? null);
      const box = list.getBoundingClientRect();
      if (moved.clientY < box.top + 24) list.scrollTop -= 8;
      if (moved.clientY > box.bottom - 24) list.scrollTop += 8;
    };
    const ended = (kept) => {
      grip.onpointermove = grip.onpointerup = grip.onpointercancel = null;
      row.classList.remove("held");
      if (!kept) arrange(before);
      else if (!same(before, now())) put(now());
    };
    grip.onpointerup = () => ended(true);
    grip.onpointercancel = () => ended(false);
  }

  function put(next) {
    arrange(next);
    label();
    state.order = next;
    state.since = Date.now();
    clearTimeout(state.timer);
    state.timer = setTimeout(() => setTriggerValue("order", next), waits);
  }
}

function same(one, other) { return one.length === other.length && one.every((id, at) => id === other[at]); }
function alike(one, other) { return same([...one].sort(), [...other].sort()); }
