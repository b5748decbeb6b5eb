// Loads and starts the app. It is a file of its own because the content policy refuses inline
// scripts. The build names the app's files in two links of the page; their `href` properties are
// already resolved against `<base href>`, so the app starts under any base path.
const file = (kind) => document.querySelector(`link[data-app="${kind}"]`).href;

try {
  const { default: start } = await import(file("script"));
  await start({ module_or_path: file("wasm") });
} catch (error) {
  const message = document.createElement("p");
  message.setAttribute("role", "alert");
  message.textContent =
    "Slipway could not start. Check the connection and load the page again; " +
    `a browser from 2023 or later is needed. (${error})`;
  document.body.append(message);
  throw error;
}
