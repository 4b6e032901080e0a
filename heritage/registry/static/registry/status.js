/* The status form: the sentence follows what is typed, and only the values of the chosen aspect are offered. */
(() => {
  "use strict";

  const start = () => {
    const shown = document.getElementById("sentence");
    const form = document.getElementById("status_form");
    if (!shown || !form) return;
    document.querySelector(".sentence-button").remove();
    const aspect = form.elements.aspect;
    const value = form.elements.value;

    const offer = () => {
      if (!aspect || !value) return;
      const label = aspect.selectedOptions[0] ? aspect.selectedOptions[0].textContent : "";
      for (const group of value.querySelectorAll("optgroup")) {
        group.hidden = group.disabled = group.label !== label;
        if (group.disabled) continue;
        const same = [...group.children].find((option) => option.value === value.value);
        if (same) same.selected = true;
      }
      if (value.selectedOptions[0] && value.selectedOptions[0].parentElement.disabled) value.value = "";
    };

    let waiting = null;
    let asked = 0;
    const ask = async () => {
      const turn = (asked += 1);
      const body = new FormData(form);
      const answer = await fetch(shown.dataset.url, { method: "POST", body, headers: { Accept: "application/json" } });
      if (!answer.ok || turn !== asked) return;
      const told = await answer.json();
      shown.textContent = told.sentence || told.messages.join(" ");
    };
    const soon = () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => ask().catch(() => {}), 400);
    };

    offer();
    if (form.elements.mode && form.elements.mode.value) soon();
    if (aspect) aspect.addEventListener("change", offer);
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    if (window.django && window.django.jQuery) window.django.jQuery(form).on("change", "select", soon);
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
