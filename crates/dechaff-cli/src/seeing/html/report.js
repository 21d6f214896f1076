// Filters, and what is said of the element that was chosen. What comes from pages is only ever set as text.
"use strict";

const about = document.getElementById("about");
const filters = [...document.querySelectorAll("[data-hide]")];
const empty = document.getElementById("empty");
const pages = [...document.querySelectorAll(".page:not(.failed)")];

// The totals come before the pages for whoever goes through with the keyboard.
document.body.insertBefore(document.getElementById("filters"), document.querySelector("main"));

// Which elements are hidden stands in the address, so that a view can be kept or passed on: #hide=share-widget,kept
function apply() {
  const hidden = new Set(filters.filter((box) => !box.checked).map((box) => box.dataset.hide));
  for (const each of document.querySelectorAll("[data-kind]")) {
    const { kind, category, rule } = each.dataset;
    const off = hidden.has(kind) || hidden.has(category) || hidden.has(`${category}:${rule}`);
    each.classList.toggle("off", off);
    if (each.matches("del, mark") && !("again" in each.dataset)) each.tabIndex = off ? -1 : 0;
  }
  for (const page of pages) {
    page.classList.toggle("off-page", !empty.checked && !page.querySelector("tbody tr:not(.off)"));
  }
  const list = [...hidden].map(encodeURIComponent).concat(empty.checked ? [] : "pages");
  const hash = list.length ? "#hide=" + list.join(",") : "";
  if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname);
}

function read() {
  const list = location.hash.startsWith("#hide=") ? location.hash.slice(6).split(",").map(decodeURIComponent) : [];
  for (const box of filters) box.checked = !list.includes(box.dataset.hide);
  empty.checked = !list.includes("pages");
  apply();
}

function tell(each) {
  const { kind, category, rule, tag, bytes, why } = each.dataset;
  const row = each.closest(".page").querySelector(`tr[data-n="${each.dataset.n}"] td:last-child`);
  const parts = [
    ["b", kind === "cut" ? "cut" : `kept: ${why}`], ["span", category], ["span", rule], ["span", `<${tag}>`],
    ["span", `bytes ${bytes}`], ["div", row ? row.textContent : ""],
  ];
  about.className = category;
  about.replaceChildren(...parts.map(([name, text]) => Object.assign(document.createElement(name), { textContent: text })));
}

function choose(each) {
  const source = each.closest("details");
  if (source) source.open = true;
  each.scrollIntoView({ block: "center" });
  each.focus({ preventScroll: true });
  tell(each);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-hide], #empty")) apply();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-n]");
  const inPlace = row && row.closest(".page").querySelector(`.text [data-n="${row.dataset.n}"]`);
  const each = event.target.closest(".text [data-kind]:not(.off)");
  if (inPlace) choose(inPlace);
  else if (each) tell(each);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input:not([type=checkbox], [type=radio])")) return;
  const { key } = event;
  if (key === "Escape") about.replaceChildren();
  if (key === "Enter" && event.target.matches(".text [data-kind]")) tell(event.target);
  if (key === "m") document.querySelector("input[name=view]:not(:checked)").click();
  if (key === "n" || key === "p") {
    const all = [...document.querySelectorAll(".text [data-kind]:not(.off, [data-again])")];
    const forward = key === "n";
    const here = document.activeElement;
    const side = forward ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const inText = here.closest("main") !== null;
    const others = inText ? all.filter((each) => here.compareDocumentPosition(each) & side && each !== here) : all;
    const next = forward ? others[0] : others[others.length - 1];
    if (next) choose(next);
  }
});

// A page that comes into view shows its first element.
const sight = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    sight.unobserve(target);
    const first = target.querySelector("[data-kind]:not(.off)");
    if (first) target.scrollTop += first.getBoundingClientRect().top - target.getBoundingClientRect().top - 72;
  }
}, { rootMargin: "300px" });
for (const text of document.querySelectorAll(".text")) sight.observe(text);

addEventListener("hashchange", read);
read();
