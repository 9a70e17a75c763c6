// Runs before the first paint, so that a dark room is not lit up by a white page. Kept in step with src/app/theme/theme.ts.
(function () {
  var choice = null;
  try {
    choice = window.localStorage.getItem('cc.theme');
  } catch (error) {
    choice = null;
  }
  var dark = choice === 'dark' || (choice !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
