/* Parts of a form that are folded away open by themselves where something is filled in; a new row is where one types next. */
(() => {
  "use strict";

  const filled = (field) => {
    if (field.type === "hidden" || field.disabled) return false;
    if (field.type === "checkbox") return field.checked;
    if (field.tagName === "SELECT") return field.options.length > 0 && field.options[0].value === "" && field.value !== "";
    return field.value.trim() !== "";
  };

  const start = () => {
    for (const folded of document.querySelectorAll("fieldset > details")) {
      if ([...folded.querySelectorAll("input, select, textarea")].some(filled)) folded.open = true;
    }
  };

  document.addEventListener("formset:added", (event) => {
    const first = event.target.querySelector("input:not([type=hidden]), select, textarea, .select2-selection");
    if (first) first.focus();
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
