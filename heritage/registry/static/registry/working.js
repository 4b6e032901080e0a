/* The page of a long work follows it. Without this script the page asks to be loaded again. */
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

  const working = document.getElementById("working");
  if (working) follow(working);
})();
