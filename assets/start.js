// Loads and starts one of the app's two programs. It is a file of its own because the content policy
// refuses inline scripts. Addresses that end in `/edit` belong to the editor, as `Page::program` in
// src/routes.rs has it; a test holds the two together. All files are found from `<base href>`, so
// the app starts under any base path.
const editor = /\/edit\/?$/.test(location.pathname);

// The build names the files of the other program by their content, in two links of the page.
const named = (kind) => document.querySelector(`link[data-app="${kind}"]`).href;
const [script, wasm] = editor
  ? ["slipway-editor.js", "slipway-editor_bg.wasm"].map((file) => new URL(file, document.baseURI).href)
  : [named("script"), named("wasm")];

try {
  const module_or_path = fetch(wasm);
  const { default: start } = await import(script);
  await start({ module_or_path });
} catch (error) {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent =
    "Slipway could not start. Check the connection and load the page again; " +
    `a browser from 2023 or later is needed. (${error})`;
  document.body.append(message);
  throw error;
}
