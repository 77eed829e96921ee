// btoa, atob: https://html.spec.whatwg.org/#atob
import { equal, test, throws } from "./support/assert.js";

test("btoa", () => {
  equal(btoa.length, 1);
  const pairs = { "": "", a: "YQ==", ab: "YWI=", abc: "YWJj", "\0\xff\x80": "AP+A", "\xfb\xff\xbf": "+/+/", "user:pass": "dXNlcjpwYXNz" };
  for (const [text, encoded] of Object.entries(pairs)) {
    equal(btoa(text), encoded);
    equal(atob(encoded), text);
  }
  equal(btoa(null), "bnVsbA==");
  equal(btoa(12), "MTI=");
  for (const wrong of ["\u0100", "€", "\u{1F600}", "\uD800"]) throws("InvalidCharacterError", () => btoa(wrong));
  throws("TypeError", () => btoa());
  let all = "";
  for (let i = 0; i < 256; i++) all += String.fromCharCode(i);
  for (let i = 0; i < 4; i++) equal(atob(btoa(all.slice(i))), all.slice(i));
});

test("atob forgives", () => {
  const good = { " Y\tW\nJ\fj\r": "abc", YQ: "a", "YQ==": "a", "Y Q = =": "a", YR: "a", "YWI=": "ab", YWI: "ab", "": "", " ": "", "++//": "\xfb\xef\xff" };
  for (const [text, decoded] of Object.entries(good)) equal(atob(text), decoded, text);
  equal(atob(null), "\x9e\xe9e");
});

test("but not everything", () => {
  const wrong = ["a", "abcde", "=", "==", "YQ=", "YQ===", "YWJj=", "YWJj==", "YWJj====", "Y=Q=", "Y=", "YQ==YQ==", "-_", "ab\0c", "ab\xa0", "ab\x0b", "ä", "€", "ab€d", " a", "abc=d"];
  for (const text of wrong) equal(throws("InvalidCharacterError", () => atob(text), text).code, 5);
  throws("InvalidCharacterError", () => atob(undefined)); // "undefined" has nine letters
  throws("TypeError", () => atob());
});
