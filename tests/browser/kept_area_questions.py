"""What a device that has kept an area is asked, and how its answers are read from the pages: the server's have to be the same."""

#: Questions about the area that a device has to answer as the server does.
QUESTIONS = (
    *(
        "",
        "service=clothing",
        "service=family:food",
        "service=food",
        "service=clothing,family:food&language=uk",
    ),
    *("audience=refugees", "audience_mode=preferred", "audience=refugees&audience_mode=everyone,only"),
    *("language=uk", "language=de", "access=id_needed", "access=low_cost,free&access=step_free,on_site"),
    *("open_at=now", "open_at=PT60M", "open_at=arrival&near=20.3,51.1", "open_at=now&hours=unknown"),
    *("hours=unknown", "checked_since=P30D", "q=Jadłod&as=text", "q=punkt 0&as=text", "q=kasztan&as=text"),
    *("q=одяг", "q=Jedzenie", "q=jedzenie dla uchodźców", "q=ubrania dla seniorów", "q=шукаю їжу", "q=leki"),
    # When somebody wants to come, also where nothing is open then, or not all of it is understood.
    *(
        "q=їжа в суботу",
        "q=jedzenie w weekend",
        "q=їжа о шостій",
        "q=jedzenie 28.11",
        "q=otwarte w niedzielę",
    ),
    *(
        "q=одяг завтра ввечері",
        "q=jedzenie dla psa jutro",
        "q=jedzenie jutro 18",
        "q=їжа для біженців у вихідні",
        "q=kowalski w sobotę",
    ),
    *("within=20,51;20.35,51;20.2,51.2", "within=20,51;20.35,51;20.2,51.2&service=clothing&open_at=now"),
    *(
        "organisation={runner}",
        "organisation={runner}&service=food,clothing&checked_since=P90D",
        "q=jedzenie&as=text",
    ),
    *("bbox=20,51.05,20.3,51.15", "service=clothing&open_at=now&audience=refugees&language=pl"),
)
#: Those of which the panel's numbers and ticks are compared.
PANELS = (
    "",
    "language=uk",
    "organisation={runner}",
    "within=20,51;20.35,51;20.2,51.2&near=20.3,51.1",
    "audience=refugees&service=clothing",
    "access=step_free&open_at=now",
)
#: Those of which the order of the list is compared. No two places are as far from the point.
ORDERS = (
    *(
        "sort=best",
        "sort=checked",
        "sort=-checked",
        "sort=name",
        "sort=-name",
        "sort=open",
        "sort=-open&page=2",
    ),
    *(
        "near=20.303,51.1",
        "near=20.303,51.1&sort=best",
        "near=20.303,51.1&sort=-near",
        "near=20.303,51.1&sort=open",
    ),
    *(
        "bbox=20,51.05,20.507,51.15",
        "bbox=20,51.05,20.507,51.15&sort=best",
        "q=nowe&as=text",
        "q=punkt&as=text&sort=name",
    ),
)
#: How many places the list has for each question, how open they are, and what the panel says of each choice.
ANSWERS = """async ({code, questions, panels, orders}) => {
  const part = async (query, name) => {
    const answer = await fetch(`/uk/?area=${code}${query && "&"}${query}`, {headers: {"X-Fragment": name}, cache: "no-store"});
    if (!answer.ok) throw new Error(`${query} ${name}: ${answer.status}`);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    // What the words were taken for.
    return Object.assign(part, {meant: query.startsWith("q=") ? decodeURIComponent(new URL(answer.url).search) : ""});
  };
  const said = {};
  // Few at a time: so many at once are refused by a busy server.
  const each = async (queries, ask) => {
    for (let i = 0; i < queries.length; i += 3) await Promise.all(queries.slice(i, i + 3).map(ask));
  };
  await each(questions, async query => {
    const list = await part(query, "results");
    // An hour that is counted from now may be another one the second time; where nothing is, the server has what is elsewhere.
    const states = /PT|arrival/.test(query) || list.querySelector("#count").dataset.count.startsWith("0") ? [] : list.querySelectorAll("li.hit .state");
    // A device knows no words of help that is not in the area.
    const meant = list.querySelector("#count").dataset.count.startsWith("0") ? "" : list.meant;
    const notes = query.startsWith("q=") ? list.querySelectorAll(".sheet-note") : [];
    said[query] = [list.querySelector("#count").dataset.count, meant,
      ...Array.from(notes, note => note.textContent.trim()), ...Array.from(states, state => state.textContent).sort()];
  });
  await each(orders, async query => {
    const list = await part(query, "results");
    said[`order ${query}`] = [list.querySelector("[data-sort]").dataset.sort, list.querySelector("#order").value,
      ...Array.from(list.querySelectorAll("li.hit"), row => row.dataset.id)];
  });
  await each(panels, async query => {
    for (const tick of (await part(query, "panel")).querySelectorAll(".tick")) {
      const {name, value, checked} = tick.querySelector("input");
      const number = tick.querySelector(".count")?.textContent;
      // What is about violence is not kept, and so not counted.
      if (number) said[`${query} ${name}=${value}`] = [number, checked];
    }
  });
  return said;
}"""
