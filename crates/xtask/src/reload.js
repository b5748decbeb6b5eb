// Only in `cargo xtask dev`: loads the page again when a new version of it was built.
const { src, dataset } = document.currentScript;
const page = new URL("./", src);

setInterval(async () => {
  try {
    const answer = await fetch(page, { cache: "no-store", headers: { accept: "text/html" } });
    const text = await answer.text();
    const version = /data-version="([0-9a-f]+)"/.exec(text)?.[1];
    if (version && version !== dataset.version) location.reload();
  } catch {
    // The server is being started again; the next round finds it.
  }
}, 1000);
