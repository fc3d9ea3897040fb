"use strict";
(() => {
  document.documentElement.classList.add("script");
  const bar = document.querySelector(".filter");
  if (!bar) return;
  const search = bar.querySelector("input[type=search]");
  const file = bar.querySelector("select");
  const levels = [...bar.querySelectorAll("input[type=checkbox]")];
  const shown = bar.querySelector("output");
  const rules = [...document.querySelectorAll("details.rule")].map((element) => ({
    element,
    text: element.querySelector("summary").textContent.toLowerCase(),
    count: element.querySelector(".shown"),
    findings: [...element.querySelectorAll("ul.findings > li")].map((item) => ({
      item, text: item.textContent.toLowerCase(), level: item.dataset.level, file: item.dataset.file,
    })),
  }));
  const total = rules.reduce((sum, rule) => sum + rule.findings.length, 0);

  const noun = (count) => `${count} ${count === 1 ? "finding" : "findings"}`;

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(levels.filter((box) => box.checked).map((box) => box.value));
    const path = file ? file.value : "";
    let visible = 0;
    for (const rule of rules) {
      let here = 0;
      for (const finding of rule.findings) {
        const fits = wanted.has(finding.level) && (!path || finding.file === path) &&
          words.every((word) => finding.text.includes(word) || rule.text.includes(word));
        finding.item.hidden = !fits;
        here += fits;
      }
      rule.element.hidden = here === 0;
      rule.count.textContent = here === rule.findings.length ? "" : `${here} of ${rule.findings.length} shown`;
      visible += here;
    }
    shown.textContent = visible === total ? `${noun(total)} listed` : `${visible} of ${noun(total)} shown`;
  };

  search.addEventListener("input", apply);
  if (file) file.addEventListener("change", apply);
  for (const box of levels) box.addEventListener("change", apply);
  bar.querySelector("button").addEventListener("click", (event) => {
    const open = rules.some((rule) => !rule.element.hidden && !rule.element.open);
    for (const rule of rules) if (!rule.element.hidden) rule.element.open = open;
    event.currentTarget.textContent = open ? "Close all" : "Open all";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === "Escape" && document.activeElement === search) {
      search.value = "";
      apply();
    }
  });
  const open = () => {
    const rule = document.getElementById(location.hash.slice(1));
    if (rule && rule.matches("details.rule")) rule.open = true;
  };
  addEventListener("hashchange", open);
  open();
  apply();
})();
