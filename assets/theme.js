// Sets the colour theme before the first paint, so that a dark page never flashes white.
// The choice is kept under "slipway-theme": "light", "dark", or absent to follow the system.
try {
  const theme = localStorage.getItem("slipway-theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage can be forbidden; then the system's theme holds.
}
