// URL: https://url.spec.whatwg.org/#url-class. The parser itself is tested in C.
import { arrayEqual, collected, equal, ok, test, throws } from "./support/assert.js";

test("the shape", () => {
  equal(URL.length, 1);
  equal(URL.name, "URL");
  equal(URL.parse.length, 1);
  equal(URL.canParse.length, 1);
  throws("TypeError", () => URL("http://a/"));
  throws("TypeError", () => new URL());
  throws("TypeError", () => URL.parse());
  equal(Object.prototype.toString.call(new URL("http://a/")), "[object URL]");
  const href = Object.getOwnPropertyDescriptor(URL.prototype, "href");
  ok(href.enumerable && href.configurable);
  equal(href.get.name, "get href");
  equal(Object.getOwnPropertyDescriptor(URL.prototype, "origin").set, undefined);
  throws("TypeError", () => href.get.call({}));
  throws("TypeError", () => URL.prototype.href);
  class Mine extends URL {
    get twice() {
      return this.href + this.href;
    }
  }
  const mine = new Mine("a", "http://h");
  ok(mine instanceof URL && mine instanceof Mine);
  equal(mine.twice, "http://h/ahttp://h/a");
  ok(!(URL.parse("http://h") instanceof Mine));
});

test("construction", () => {
  equal(new URL("../b?c#d", "http://h/x/y/z").href, "http://h/x/b?c#d");
  equal(new URL("http://h/", undefined).href, "http://h/");
  equal(new URL("p", new URL("http://h/q")).href, "http://h/p");
  equal(new URL({ toString: () => "http://object/" }).href, "http://object/");
  equal(new URL("http://h/\uD800").href, "http://h/%EF%BF%BD");
  equal(new URL("http://h/a\0b").href, "http://h/a%00b");
  const error = throws(TypeError, () => new URL("no url"));
  equal(error.message, "Invalid URL: 'no url'");
  throws(TypeError, () => new URL("http://h/", "no base"));
  throws(TypeError, () => new URL("http://h/", null));
  throws(TypeError, () => new URL(Symbol()));
});

test("parse and canParse", () => {
  equal(URL.parse("no url"), null);
  equal(URL.parse("b", "http://h/a").href, "http://h/b");
  ok(URL.parse("http://h") instanceof URL);
  equal(URL.canParse("b"), false);
  equal(URL.canParse("b", "http://h"), true);
  equal(URL.canParse("http://h", "no base"), false);
});

test("every part", () => {
  const url = new URL("https://us%20er:pa%3Ass@EXAMPLE.org:8080/a/../b?q=1&r#frag");
  equal(url.href, "https://us%20er:pa%3Ass@example.org:8080/b?q=1&r#frag");
  equal(url.origin, "https://example.org:8080");
  equal(url.protocol, "https:");
  equal(url.username, "us%20er");
  equal(url.password, "pa%3Ass");
  equal(url.host, "example.org:8080");
  equal(url.hostname, "example.org");
  equal(url.port, "8080");
  equal(url.pathname, "/b");
  equal(url.search, "?q=1&r");
  equal(url.hash, "#frag");
  equal(String(url), url.href);
  equal(url.toJSON(), url.href);
  equal(JSON.stringify({ url }), `{"url":"${url.href}"}`);
  equal(new URL("mailto:a@b").origin, "null");
  equal(new URL("blob:https://h/uuid").origin, "https://h");
  const bare = new URL("http://h/?#");
  equal(bare.search, "");
  equal(bare.hash, "");
  equal(bare.href, "http://h/?#");
});

test("every setter", () => {
  const url = new URL("http://h/");
  url.protocol = "https";
  url.username = "us er";
  url.password = "p:w";
  url.host = "other:81";
  url.port = "443x";
  equal(url.href, "https://us%20er:p%3Aw@other/");
  url.hostname = "third";
  url.pathname = "a b";
  url.search = "x=ä";
  url.hash = "fr ag";
  equal(url.href, "https://us%20er:p%3Aw@third/a%20b?x=%C3%A4#fr%20ag");
  url.port = 0;
  equal(url.port, "0");
  url.search = url.hash = url.port = "";
  equal(url.href, "https://us%20er:p%3Aw@third/a%20b");
  url.href = "data:text/plain,x";
  url.host = url.port = url.username = "ignored";
  equal(url.href, "data:text/plain,x");
  const error = throws(TypeError, () => (url.href = "no url"));
  equal(error.message, "Invalid URL: 'no url'");
  equal(url.href, "data:text/plain,x");
  throws(TypeError, () => (url.search = Symbol()));
});

test("searchParams is live in both directions", () => {
  const url = new URL("http://h/?a=1&b=2");
  const params = url.searchParams;
  equal(url.searchParams, params);
  equal(params.get("a"), "1");
  params.append("c", "ä ö");
  equal(url.href, "http://h/?a=1&b=2&c=%C3%A4+%C3%B6");
  params.delete("a");
  equal(url.search, "?b=2&c=%C3%A4+%C3%B6");
  params.set("b", "3");
  params.delete("c");
  equal(url.search, "?b=3");
  params.delete("b");
  equal(url.href, "http://h/");
  url.search = "?x=%41&x=2";
  arrayEqual(params.getAll("x"), ["A", "2"]);
  url.href = "http://other/?y=1#z";
  equal(params.get("x"), null);
  equal(params.get("y"), "1");
  url.href = "http://other/";
  equal(params.size, 0);
  url.search = "q";
  equal(String(params), "q=");
  url.hash = "h";
  params.sort();
  equal(url.href, "http://other/?q=#h");
  // A change is a change, even where nothing was there to be deleted.
  const spaced = new URL("http://h/?a=b ~");
  equal(spaced.search, "?a=b%20~");
  spaced.searchParams.delete("nothing");
  equal(spaced.search, "?a=b+%7E");
});

test("what the list keeps of a search", () => {
  const url = new URL("http://h/");
  url.search = "a=1\t2\n&b=#";
  equal(url.search, "?a=12&b=%23");
  equal(url.searchParams.get("a"), "1\t2\n");
  equal(url.searchParams.get("b"), "#");
});

test("a query object outlives its URL", () => {
  const params = new URL("http://h/?a=1").searchParams;
  params.append("b", "2");
  equal(String(params), "a=1&b=2");
  class Mine extends URL {}
  equal(new Mine("http://h/?c").searchParams.get("c"), "");
});

test("a thousand of each leave nothing", () =>
  collected((made) => {
    for (let i = 0; i < 1000; i++) {
      const url = made(new URL(`http://h/?${i}`));
      made(url.searchParams).self = url;
      url.own = url.searchParams;
      made(url.searchParams.entries().next().value).url = url;
    }
  }));
