// Enhancements only: every page works without this file.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  const label = button.firstChild, words = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "✓ " + words;
    setTimeout(() => { label.textContent = words; }, 2000);
  });
}
for (const bar of document.querySelectorAll("[data-goto]")) {
  bar.addEventListener("click", () => { location.hash = bar.dataset.goto; });
}
