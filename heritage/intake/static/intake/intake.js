/* Imports: a file that is too large is told before it is sent; faults or the preview come into view. */
(() => {
  "use strict";

  const measure = (form) => {
    const largest = Number(form.dataset.largest);
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file") return;
      const tooLarge = [...event.target.files].some((file) => file.size > largest);
      event.target.setCustomValidity(tooLarge ? form.dataset.tooLarge : "");
      event.target.reportValidity();
    });
  };

  const upload = document.getElementById("upload");
  if (upload) measure(upload);
  const first = document.getElementById("faults") || document.getElementById("preview");
  if (first) first.focus();
})();
