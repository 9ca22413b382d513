(() => {
  "use strict";
  const live = document.getElementById("live");
  const dot = document.getElementById("dot");
  const state = document.getElementById("state");
  let tag = "";
  const say = (kind, text) => {
    dot.className = "dot " + kind;
    if (state.textContent !== text) state.textContent = text;
  };
  const opened = () => new Set([...live.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  const busy = () => {
    const selection = document.getSelection();
    return selection !== null && !selection.isCollapsed && live.contains(selection.anchorNode);
  };
  const show = (html) => {
    const open = opened();
    const scroll = [...live.querySelectorAll(".scroll")].map((each) => each.scrollLeft);
    const focused = live.contains(document.activeElement) ? document.activeElement : null;
    const key = focused && focused.closest("details") ? focused.closest("details").dataset.key : "";
    live.innerHTML = html;
    live.querySelectorAll("details").forEach((each) => { each.open = open.has(each.dataset.key); });
    live.querySelectorAll(".scroll").forEach((each, index) => { each.scrollLeft = scroll[index] || 0; });
    if (key) {
      const back = [...live.querySelectorAll("details")].find((each) => each.dataset.key === key);
      if (back) back.querySelector("summary").focus();
    }
  };
  const refresh = async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Fragment": "1", "If-None-Match": tag }, cache: "no-store" });
      if (answer.status === 200 && !busy()) {
        show(await answer.text());
        tag = answer.headers.get("ETag") || "";
      }
      say("on", "live");
    } catch (_) {
      say("off", "the sandbox does not answer");
    }
    setTimeout(refresh, document.hidden ? 5000 : 1000);
  };
  say("on", "live");
  setTimeout(refresh, 1000);
})();
