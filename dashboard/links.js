// A link to another page goes there as the browser's "back" does: in the same session, so that nobody is signed out.
if (!window.aibaasFollowsLinks) {
  window.aibaasFollowsLinks = true;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-testid=stHtml] a[href]");
    const opensElsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || link.origin !== location.origin || opensElsewhere) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    window.dispatchEvent(new PopStateEvent("popstate"));
    document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
  });
}
