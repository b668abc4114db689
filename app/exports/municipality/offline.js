/* Search and filter of one file. Old browsers read it, too: nothing newer than ECMAScript 5. */
(function () {
  "use strict";
  var form = document.getElementById("find");
  var input = document.getElementById("q");
  var status = document.getElementById("shown");
  var none = document.getElementById("none");
  var buttons = form.getElementsByTagName("button");
  var sections = document.querySelectorAll("#list > section");
  var entries = [];
  var marks = {};
  var i, j, items, links;

  /* Without accents, since many keyboards have none. */
  function fold(text) {
    text = text.toLowerCase();
    if (text.normalize) text = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    return text.replace(/\u0142/g, "l").replace(/\s+/g, " ");
  }

  links = document.querySelectorAll("#map a");
  for (i = 0; i < links.length; i++) marks[links[i].getAttribute("href").slice(1)] = links[i];
  for (i = 0; i < sections.length; i++) {
    items = sections[i].querySelectorAll("li");
    for (j = 0; j < items.length; j++) {
      entries.push({
        element: items[j],
        section: i,
        mark: marks[items[j].id],
        text: fold(items[j].textContent + " " + sections[i].firstChild.textContent)
      });
    }
  }

  function toggle(element, shown) {
    if (shown) element.removeAttribute("hidden");
    else element.setAttribute("hidden", "");
  }

  function show() {
    var words = fold(input.value).split(" ");
    var chosen = "";
    var counts = [];
    var shown = 0;
    var k, m, fits, entry;
    for (k = 0; k < buttons.length; k++) {
      if (buttons[k].getAttribute("aria-pressed") === "true") chosen = buttons[k].value;
    }
    for (k = 0; k < sections.length; k++) counts.push(0);
    for (k = 0; k < entries.length; k++) {
      entry = entries[k];
      fits = !chosen || sections[entry.section].id === chosen;
      for (m = 0; fits && m < words.length; m++) fits = entry.text.indexOf(words[m]) >= 0;
      toggle(entry.element, fits);
      if (entry.mark) toggle(entry.mark, fits);
      if (fits) {
        counts[entry.section]++;
        shown++;
      }
    }
    for (k = 0; k < sections.length; k++) toggle(sections[k], counts[k] > 0);
    status.textContent = status.getAttribute("data-words").replace("{n}", shown).replace("{all}", entries.length);
    toggle(none, shown === 0);
  }

  function press() {
    var on = this.getAttribute("aria-pressed") !== "true";
    for (var k = 0; k < buttons.length; k++) buttons[k].setAttribute("aria-pressed", "false");
    this.setAttribute("aria-pressed", on ? "true" : "false");
    show();
  }

  /* An address with an entry's name opens that entry, whatever was filtered before. */
  function open() {
    var target = document.getElementById(location.hash.slice(1));
    if (!target || !target.hasAttribute("hidden")) return;
    input.value = "";
    for (var k = 0; k < buttons.length; k++) buttons[k].setAttribute("aria-pressed", "false");
    show();
    target.scrollIntoView();
  }

  for (i = 0; i < buttons.length; i++) buttons[i].addEventListener("click", press);
  input.addEventListener("input", show);
  window.addEventListener("hashchange", open);
  form.addEventListener("submit", function (event) {
    event.preventDefault();
  });
  toggle(form, true);
  show();
})();
