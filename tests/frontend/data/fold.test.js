import assert from "node:assert/strict";
import { it } from "node:test";
import { foldWords } from "../../../static/js/data/fold.js";

it("folds as the server's index does (tests/unit/geo/test_names.py)", () => {
  for (const [text, words] of /** @type {[string, string[]][]} */ ([
    ["Łódź", ["lodz"]],
    ["Târgu-Mureş", ["targu", "mures"]],
    ["Кам’янець", ["камянець"]],
    ["Їжа і ґанок", ["їжа", "і", "ганок"]],
    ["йогурт", ["йогурт"]],
    ["ёлка", ["елка"]],
    ["Straße 7_b", ["strasse", "7", "b"]],
    ["ＺＵＰＡ", ["zupa"]],
    ["«…»", []],
    ["", []],
  ]))
    assert.deepEqual(foldWords(text), words, text);
  assert.equal(foldWords("a b c d e f g h i j").length, 8);
});
