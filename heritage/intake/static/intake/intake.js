/* Imports: the page of a work follows it; a file that is too large is told before it is sent; faults or the preview come into view. */
(() => {
  "use strict";

  const follow = (part) => {
    const bar = document.getElementById("bar");
    const words = document.getElementById("how-far");
    const ask = async () => {
      const answer = await fetch(part.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.status);
      const far = await answer.json();
      if (!far.busy) {
        window.location.reload();
        return;
      }
      if (far.total) {
        bar.max = far.total;
        bar.value = far.done;
      }
      if (far.done) {
        const shown = (number) => Math.round(number).toLocaleString("en-GB");
        const total = far.total ? ` / ${shown(far.total)}` : "";
        const left = far.left === null ? "" : `, ${shown(far.left)} s left`;
        words.textContent = `${shown(far.done)}${total} ${far.what}, ${shown(far.rate)} a second${left}`;
      }
      again();
    };
    const again = () => setTimeout(() => ask().catch(again), 1000);
    again();
  };

  const measure = (form) => {
    const largest = Number(form.dataset.largest);
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file") return;
      const tooLarge = [...event.target.files].some((file) => file.size > largest);
      event.target.setCustomValidity(tooLarge ? form.dataset.tooLarge : "");
      event.target.reportValidity();
    });
  };

  const working = document.getElementById("working");
  if (working) follow(working);
  const upload = document.getElementById("upload");
  if (upload) measure(upload);
  const first = document.getElementById("faults") || document.getElementById("preview");
  if (first) first.focus();
})();
