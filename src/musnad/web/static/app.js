// Reading an article: layers, text and record pointing at one another, spans by selection, keys. All pages work without it.
"use strict";
(() => {
  const $ = (s, from = document) => from.querySelector(s);
  const $$ = (s, from = document) => [...from.querySelectorAll(s)];
  const article = () => $("#article");
  let selected = null;
  let current = null; // id of the card in hand, kept over updates
  let order = 0; // its place, for when it is gone

  const escape = (id) => CSS.escape(id);
  const cards = () => $$("#record .card").filter((c) => c.offsetParent !== null);

  function show(card, jump) {
    $$(".on").forEach((e) => e.classList.remove("on"));
    if (!card) return;
    current = card.id;
    order = cards().indexOf(card);
    card.classList.add("on");
    const marks = $$(`#text [data-i~="${escape(card.id)}"]`);
    marks.forEach((m) => m.classList.add("on"));
    if (marks.length && jump !== "card") marks[0].scrollIntoView({ block: "center" });
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  function layers() {
    if (!article()) return;
    let off = [];
    try { off = JSON.parse(sessionStorage.getItem("layers") || "[]"); } catch { off = []; }
    $$("[data-layer]").forEach((b) => {
      const hidden = off.includes(b.dataset.layer);
      b.setAttribute("aria-pressed", String(!hidden));
      article().classList.toggle(`hide-${b.dataset.layer}`, hidden);
    });
  }

  function toggle(layer) {
    let off = [];
    try { off = JSON.parse(sessionStorage.getItem("layers") || "[]"); } catch { off = []; }
    off = off.includes(layer) ? off.filter((x) => x !== layer) : [...off, layer];
    try { sessionStorage.setItem("layers", JSON.stringify(off)); } catch { /* private windows */ }
    layers();
  }

  // offsets count code points, the browser counts UTF-16 units
  function offset(node, units) {
    const at = node.nodeType === 3 ? node.parentElement : node;
    const span = at && at.closest("[data-s]");
    if (!span) return null;
    let before = "";
    if (node.nodeType === 3) {
      for (let n = span.firstChild; n && n !== node; n = n.nextSibling) before += n.textContent;
      before += node.data.slice(0, units);
    }
    return Number(span.dataset.s) + [...before].length;
  }

  function selection() {
    const s = document.getSelection();
    const text = $("#text");
    if (!s || s.isCollapsed || !s.rangeCount || !text) return null;
    const r = s.getRangeAt(0);
    if (!text.contains(r.startContainer) || !text.contains(r.endContainer)) return null;
    let start = offset(r.startContainer, r.startOffset);
    let end = offset(r.endContainer, r.endOffset);
    if (start === null || end === null || end <= start) return null;
    const raw = r.toString();
    const words = raw.trim();
    start += [...raw.slice(0, raw.length - raw.trimStart().length)].length;
    return words ? { start, end: start + [...words].length, words } : null;
  }

  // --- the span in hand: two handles in the text, which drag its ends

  let hand = null; // the field whose span it is
  const editing = () => $(".editing");
  const spanOf = (field) => { const m = /^(\d+)-(\d+)$/.exec(field && field.value); return m ? [Number(m[1]), Number(m[2])] : null; };
  const holds = (e) => e instanceof Element && e.closest(".editing") && e.matches(".offsets, .pick select, .chip input") ? e : null;

  // node and UTF-16 unit of an offset; where two pieces of the text meet, in the one before it or, for a beginning, after it
  function place(at, begins) {
    for (const span of $$("#text [data-s]")) {
      const letters = [...span.textContent];
      const first = Number(span.dataset.s);
      if (at >= first && (begins ? at < first + letters.length : at <= first + letters.length)) return { node: span.firstChild, unit: letters.slice(0, at - first).join("").length };
    }
    return null;
  }

  function rangeOf(start, end) {
    const a = place(start, true);
    const b = place(end);
    if (!a || !b || !a.node || !b.node) return null;
    const r = document.createRange();
    r.setStart(a.node, a.unit);
    r.setEnd(b.node, b.unit);
    return r;
  }

  const whole = () => ({ letters: [...$("#text").textContent], first: Number($("#text").dataset.first) });

  // the nearest end of a word: a span begins and ends with words unless Shift is held (clitics)
  function snapped(at, end) {
    const { letters, first } = whole();
    const inWord = (c) => c !== undefined && /[\p{L}\p{M}\p{N}]/u.test(c);
    const edge = (i) => end === "end" ? inWord(letters[i - 1]) && !inWord(letters[i]) : inWord(letters[i]) && !inWord(letters[i - 1]);
    for (let d = 0; d < 60; d++) for (const i of [at - first + d, at - first - d]) if (i >= 0 && i <= letters.length && edge(i)) return first + i;
    return at;
  }

  function step(at, end, by) {
    const { letters, first } = whole();
    for (let i = at + by; i >= first && i <= first + letters.length; i += by) if (snapped(i, end) === i) return i;
    return at;
  }

  function words(start, end) {
    const r = rangeOf(start, end);
    return r ? r.toString() : "";
  }

  function put(field, start, end) {
    const value = `${start}-${end}`;
    const said = words(start, end);
    if (field.tagName === "SELECT") {
      let option = [...field.options].find((o) => o.value === value);
      if (!option) { option = new Option(said, value); field.add(option); }
      option.selected = true;
    } else {
      field.value = value;
      if (field.type === "checkbox") field.nextSibling.textContent = ` ${said}`;
      const out = $("output", field.closest(".pick") || document.createElement("i"));
      if (out) out.textContent = said;
    }
  }

  // where a handle stands: the outer edge of the span's first or last letter, whichever way that letter is written
  function corner(start, end, which) {
    const r = which === "start" ? rangeOf(start, start + 1) : rangeOf(end - 1, end);
    // at the edge of a line there is an empty box on the other line too
    const boxes = r ? [...r.getClientRects()].filter((b) => b.height) : [];
    const box = boxes.find((b) => b.width > 0.5) || boxes[0];
    if (!box) return null;
    const ltr = /[\d\u0660-\u0669A-Za-z]/.test(r.toString()) || getComputedStyle($("#text")).direction === "ltr";
    return { x: (which === "start") === ltr ? box.left : box.right, y: box.top, h: box.height };
  }

  function draw() {
    const area = $("#text") && $("#text").parentElement;
    if (!area) return;
    if (hand && !hand.isConnected) hand = null;
    const span = editing() && spanOf(hand);
    if (window.CSS && CSS.highlights) {
      CSS.highlights.delete("hand");
      const r = span && rangeOf(...span);
      if (r) CSS.highlights.set("hand", new Highlight(r));
    }
    const here = area.getBoundingClientRect();
    const pane = scroller() && $("#text").getBoundingClientRect();
    // what scrolls is reached by keys too
    if (pane) $("#text").tabIndex = 0; else $("#text").removeAttribute("tabindex");
    for (const which of ["start", "end"]) {
      let grip = $(`.grip[data-end=${which}]`, area);
      const at = span && corner(...span, which);
      if (!at) { if (grip) grip.remove(); continue; }
      if (!grip) {
        grip = Object.assign(document.createElement("button"), { type: "button", className: "grip" });
        grip.dataset.end = which;
        grip.setAttribute("aria-label", $("#text").dataset[which === "start" ? "begin" : "finish"]);
        area.append(grip);
      }
      // through the style object: the content policy allows no style attributes
      grip.style.left = `${at.x - here.left}px`;
      grip.style.top = `${at.y - here.top}px`;
      grip.style.height = `${at.h}px`;
      grip.classList.toggle("out", Boolean(pane) && (at.y + at.h / 2 < pane.top || at.y + at.h / 2 > pane.bottom));
    }
  }

  // on a narrow screen the text is a pane of its own above the form
  function scroller() {
    const text = $("#text");
    return text && getComputedStyle(text).overflowY === "auto" && text.scrollHeight > text.clientHeight ? text : null;
  }

  // bring the span in hand to where it is seen
  function reveal(pageToo) {
    const span = editing() && spanOf(hand);
    const r = span && rangeOf(...span);
    const box = r && r.getBoundingClientRect();
    if (!box || !box.height) return;
    const text = scroller();
    if (text) {
      const pane = text.getBoundingClientRect();
      // of a long span the beginning
      if (box.top < pane.top || box.bottom > pane.bottom) text.scrollTop += box.top - pane.top - Math.max(16, (pane.height - box.height) / 2);
    } else if (pageToo && (box.bottom < 0 || box.top > innerHeight)) {
      scrollBy(0, box.top - innerHeight / 3);
    }
    draw();
  }

  function move(which, at, free) {
    const span = spanOf(hand);
    if (!span || at === null) return;
    const to = free ? at : snapped(at, which);
    if (which === "start" ? to >= span[1] : to <= span[0]) return;
    put(hand, which === "start" ? to : span[0], which === "start" ? span[1] : to);
    draw();
  }

  function under(x, y) {
    const p = document.caretPositionFromPoint ? document.caretPositionFromPoint(x, y) : null;
    if (p) return $("#text").contains(p.offsetNode) ? offset(p.offsetNode, p.offset) : null;
    const r = document.caretRangeFromPoint ? document.caretRangeFromPoint(x, y) : null;
    return r && $("#text").contains(r.startContainer) ? offset(r.startContainer, r.startOffset) : null;
  }

  document.addEventListener("pointerdown", (e) => {
    const grip = e.target instanceof Element && e.target.closest(".grip");
    if (!grip) return;
    e.preventDefault();
    grip.focus();
    grip.classList.add("held");
    const drag = (m) => {
      move(grip.dataset.end, under(m.clientX, m.clientY), m.shiftKey);
      const text = scroller();
      const pane = text && text.getBoundingClientRect();
      if (pane && m.clientY < pane.top + 24) text.scrollTop -= 12;
      else if (pane && m.clientY > pane.bottom - 24) text.scrollTop += 12;
    };
    const drop = () => { grip.classList.remove("held"); document.removeEventListener("pointermove", drag); };
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", drop, { once: true });
    document.addEventListener("pointercancel", drop, { once: true });
  });

  // words selected while a form is open go into the field in hand
  document.addEventListener("pointerup", (e) => {
    if (!hand || !editing() || !(e.target instanceof Element) || !e.target.closest("#text")) return;
    const made = selection();
    if (!made) return;
    if (hand.classList.contains("adder")) { selected = made; take(hand.parentElement.querySelector(".take")); }
    else put(hand, made.start, made.end);
    document.getSelection().removeAllRanges();
    draw();
  });

  document.addEventListener("focusin", (e) => {
    const field = holds(e.target);
    if (field && field !== hand) { hand = field; draw(); reveal(false); }
  });
  document.addEventListener("change", (e) => { if (holds(e.target)) draw(); });
  document.addEventListener("input", (e) => { if (holds(e.target)) draw(); });
  window.addEventListener("resize", draw);
  document.addEventListener("scroll", (e) => { if (e.target === $("#text")) draw(); }, true);

  function inForm(e, form) {
    const grip = e.target.closest(".grip");
    if (e.key === "Escape") { e.preventDefault(); $(".cancel", form).click(); return true; }
    if (e.key === "Enter" && (grip || e.ctrlKey || e.metaKey)) { e.preventDefault(); form.requestSubmit(); return true; }
    if (!grip || !["ArrowLeft", "ArrowRight"].includes(e.key)) return false;
    e.preventDefault();
    const span = spanOf(hand);
    const which = grip.dataset.end;
    const at = which === "start" ? span[0] : span[1];
    const by = (e.key === "ArrowRight") === (getComputedStyle($("#text")).direction === "ltr") ? 1 : -1;
    move(which, e.shiftKey ? at + by : step(at, which, by), true);
    return true;
  }

  document.addEventListener("selectionchange", () => {
    const made = selection();
    // a click on a button takes the browser's selection away: the last one holds until there is another
    if (made) selected = made;
    $$(".take").forEach((b) => { b.disabled = !selected; });
  });

  function take(button) {
    if (!selected) return;
    const form = button.closest("form");
    const name = button.dataset.for;
    const value = `${selected.start}-${selected.end}`;
    if (button.dataset.many) {
      const box = $(`.chosen[data-name="${escape(name)}"]`, form);
      const label = document.createElement("label");
      label.className = "chip";
      const check = Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: true });
      label.append(check, ` ${selected.words}`);
      box.append(label);
      hand = check;
      draw();
      return;
    }
    hand = form.elements[name];
    put(hand, selected.start, selected.end);
    draw();
  }

  document.addEventListener("click", (e) => {
    const t = e.target;
    if (!(t instanceof Element)) return;
    const layer = t.closest("[data-layer]");
    if (layer) return toggle(layer.dataset.layer);
    const button = t.closest(".take");
    if (button) return take(button);
    if (t.closest(".cancel")) {
      const box = t.closest("form").parentElement;
      const card = box.closest(".card");
      if (!$("#article")) return void history.back();
      box.replaceChildren();
      draw();
      if (card) card.focus();
      return;
    }
    const to = t.closest(".card .to");
    if (to) return show(to.closest(".card"), "text");
    const mark = t.closest("#text .sg");
    if (mark && !selection() && !editing()) { // with a form open clicks choose words
      const card = mark.dataset.i.split(" ").map((i) => document.getElementById(i)).find((c) => c && c.offsetParent !== null);
      if (card) show(card, "card");
    }
  });

  document.addEventListener("keydown", (e) => {
    const t = e.target;
    const form = t instanceof Element && (t.closest(".editing") || (t.closest(".grip") && editing()));
    if (form && inForm(e, form)) return;
    if (e.ctrlKey || e.metaKey || e.altKey || (t instanceof Element && t.closest("input, select, textarea"))) return;
    if (e.key === "/") { e.preventDefault(); $("#q").focus(); return; }
    const queue = $("[data-queue]");
    if (queue) return inQueue(e, queue);
    if (!article()) return;
    const all = cards();
    const at = all.findIndex((c) => c.id === current);
    const act = (name) => { const c = all[at]; const b = c && $(`.acts ${name}`, c); if (b) { e.preventDefault(); b.click(); } };
    const digit = "123456".indexOf(e.key);
    if (e.key === "j") show(all[Math.min(at + 1, all.length - 1)]);
    else if (e.key === "k") show(all[Math.max(at - 1, 0)]);
    else if (e.key === "a") act("[value=accept]");
    else if (e.key === "r") act("[value=reject]");
    else if (e.key === "c") act(".edit");
    else if (e.key === "u") { const b = $("#undo button"); if (b) b.click(); }
    else if (e.key === "n" && article().dataset.next) location.href = article().dataset.next;
    else if (e.key === "p" && article().dataset.previous) location.href = article().dataset.previous;
    else if (digit >= 0) { const b = $$("[data-layer]")[digit]; if (b) b.click(); }
  });

  function inQueue(e, queue) {
    const rows = $$("li", queue);
    const at = rows.findIndex((r) => r.classList.contains("on"));
    const go = (n) => { rows.forEach((r) => r.classList.remove("on")); const r = rows[n]; if (r) { r.classList.add("on"); $("a", r).focus(); } };
    if (e.key === "j") go(Math.min(at + 1, rows.length - 1));
    else if (e.key === "k") go(Math.max(at - 1, 0));
    else if (e.key === "a" && rows[at]) $("[value=accept]", rows[at])?.click();
    else if (e.key === "r" && rows[at]) $("[value=reject]", rows[at])?.click();
  }

  document.addEventListener("htmx:afterSettle", (e) => {
    const t = e.detail.target;
    if (t.id === "article" || !t.isConnected) {
      hand = null;
      layers();
      const card = current && document.getElementById(current);
      show(card && card.offsetParent !== null ? card : cards()[Math.min(Math.max(order, 0), cards().length - 1)], "card");
    } else if (t.id === "adding" || t.id.startsWith("edit-")) {
      $$(".take", t).forEach((b) => { b.disabled = !selected; });
      const first = $("select, input:not([type=hidden])", t);
      if (first) first.focus();
      hand = $(".offsets", t) || $(".chip input", t);
      draw();
      reveal(true);
    }
  });

  function begin() {
    layers();
    const here = $("nav.main [aria-current]");
    if (here) { const list = here.closest("nav"); list.scrollLeft += here.getBoundingClientRect().left - list.getBoundingClientRect().left - (list.clientWidth - here.clientWidth) / 2; }
    // on a narrow screen the answers come before what narrows them
    if (matchMedia("(max-width: 60rem)").matches) $$("details.narrowing, details.multiples").forEach((d) => { d.open = false; });
    const card = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (card && card.classList.contains("card")) show(card);
    // the form on a page of its own
    if (editing() && !hand) { hand = $(".editing .offsets") || $(".editing .chip input"); draw(); reveal(true); }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
  window.addEventListener("hashchange", begin);
})();
