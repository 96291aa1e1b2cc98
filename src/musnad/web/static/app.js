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
      return;
    }
    const field = form.elements[name];
    if (field.tagName === "SELECT") {
      let option = [...field.options].find((o) => o.value === value);
      if (!option) {
        option = new Option(selected.words, value);
        field.add(option);
      }
      option.selected = true;
    } else {
      field.value = value;
      const out = $("output", field.closest(".pick"));
      if (out) out.textContent = selected.words;
    }
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
      if (card) card.focus();
      return;
    }
    const to = t.closest(".card .to");
    if (to) return show(to.closest(".card"), "text");
    const mark = t.closest("#text .sg");
    if (mark && !selection()) {
      const card = mark.dataset.i.split(" ").map((i) => document.getElementById(i)).find((c) => c && c.offsetParent !== null);
      if (card) show(card, "card");
    }
  });

  document.addEventListener("keydown", (e) => {
    const t = e.target;
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
      layers();
      const card = current && document.getElementById(current);
      show(card && card.offsetParent !== null ? card : cards()[Math.min(Math.max(order, 0), cards().length - 1)], "card");
    } else if (t.id === "adding" || t.id.startsWith("edit-")) {
      $$(".take", t).forEach((b) => { b.disabled = !selected; });
      const first = $("select, input:not([type=hidden])", t);
      if (first) first.focus();
    }
  });

  function begin() {
    layers();
    const card = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (card && card.classList.contains("card")) show(card);
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
  window.addEventListener("hashchange", begin);
})();
