// Small helps that need no library. Loaded on every page.
(() => {
  "use strict";

  const remember = () => {
    const language = document.documentElement.lang.startsWith("zh") ? "zh_CN" : "en";
    try { localStorage.setItem("book-language", language); } catch (refused) { return; } // private windows refuse storage
  };

  // The switch leads to the same place of the same page: sections have the same ids in both languages.
  const keepPlace = () => {
    for (const link of document.querySelectorAll("a.language-switch")) {
      const plain = link.getAttribute("href");
      const follow = () => link.setAttribute("href", plain + location.search + location.hash);
      follow();
      addEventListener("hashchange", follow);
    }
  };

  // Whatever scrolls sideways within itself must be reachable by keyboard.
  const scrollers = ".cell_output, .pst-scrollable-table-container, div.math, mjx-container[display='true'], pre.mermaid, pre";
  const markScrollers = () => {
    for (const box of document.querySelectorAll(scrollers)) {
      if (box.scrollWidth > box.clientWidth + 1) box.setAttribute("tabindex", "0");
    }
  };

  // The theme's search field has another name than what it shows ("Search Ctrl+K"): let that be its name.
  const nameSearch = () => {
    for (const button of document.querySelectorAll(".search-button-field")) button.removeAttribute("aria-label");
  };

  // A diagram takes its natural width, shrinks with the page, but not below what can be read: then it scrolls.
  const fitDiagrams = () => {
    for (const svg of document.querySelectorAll("pre.mermaid > svg")) {
      const natural = svg.viewBox.baseVal ? svg.viewBox.baseVal.width : 0;
      if (natural) svg.style.width = `max(min(100%, ${natural}px), ${0.75 * natural}px)`;
    }
    markScrollers();
  };
  // A figure shrinks to about half its size on a phone, as far as its letters can be read; a wider one scrolls.
  const fitFigures = () => {
    for (const image of document.querySelectorAll("div.cell_output img[width]")) {
      image.style.minWidth = `${Math.round(0.53 * image.getAttribute("width"))}px`;
    }
  };
  const watchDiagrams = () => {
    for (const box of document.querySelectorAll("pre.mermaid")) {
      new MutationObserver(fitDiagrams).observe(box, {childList: true});
    }
  };

  // The widget manager still calls MathJax 2.
  const shimMathJax = () => {
    if (!window.MathJax || window.MathJax.Hub) return;
    window.MathJax.Hub = {
      Queue: (...calls) => {
        for (const call of calls) {
          if (Array.isArray(call) && call[0] === "Typeset") window.MathJax.typesetPromise([call[2]]);
        }
      },
    };
  };

  document.addEventListener("DOMContentLoaded", () => { remember(); keepPlace(); fitFigures(); watchDiagrams(); nameSearch(); });
  addEventListener("load", () => { shimMathJax(); setTimeout(markScrollers, 500); });
  addEventListener("resize", markScrollers);
})();
