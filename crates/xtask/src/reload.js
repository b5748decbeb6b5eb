// Only in `cargo xtask dev`: loads the page again when a new version of it was built.
const { src, dataset } = document.currentScript;
const page = new URL("./", src);

setInterval(async () => {
  try {
    const text = await (await fetch(page, { cache: "no-store" })).text();
    const version = /data-version="([0-9a-f]+)"/.exec(text)?.[1];
    if (version && version !== dataset.version) location.reload();
  } catch {
    // The server is being started again; the next round finds it.
  }
}, 1000);
