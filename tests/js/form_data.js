// FormData.
import { arrayEqual, equal, gc, ok, test, throws } from "./support/assert.js";

const describe = (object, name) => Object.getOwnPropertyDescriptor(object, name);
const show = (form) => [...form].map(([name, value]) => `${name}=${value instanceof File ? `[${value.name}]` : value}`).join();

function filled(...pairs) {
  const form = new FormData();
  for (const [name, value] of pairs) form.append(name, value);
  return form;
}

test("FormData's shape", () => {
  equal(FormData.length, 0);
  equal(String(new FormData()), "[object FormData]");
  const lengths = { append: 2, delete: 1, get: 1, getAll: 1, has: 1, set: 2, entries: 0, keys: 0, values: 0, forEach: 1 };
  for (const name in lengths) {
    const member = describe(FormData.prototype, name);
    ok(member.writable && member.enumerable && member.configurable, name);
    equal(member.value.length, lengths[name], name);
    equal(member.value.name, name);
    throws(TypeError, () => member.value.call({}, "a", "b"), name);
  }
  const iterator = describe(FormData.prototype, Symbol.iterator);
  equal(iterator.value, FormData.prototype.entries);
  ok(!iterator.enumerable && iterator.writable && iterator.configurable);
  throws(TypeError, () => FormData());
  throws(TypeError, () => new FormData(null));
  throws(TypeError, () => new FormData("x"));
  throws(TypeError, () => new FormData({}));
  throws(TypeError, () => new FormData(undefined, {}));
  equal(show(new FormData(undefined, null)), "");
});

test("append, get, getAll, has, delete", () => {
  const form = filled(["a", "1"], ["b", 2], ["a", null], ["\ud800", undefined]);
  equal(show(form), "a=1,b=2,a=null,\ufffd=undefined");
  equal(form.get("a"), "1");
  equal(form.get("x"), null);
  arrayEqual(form.getAll("a"), ["1", "null"]);
  arrayEqual(form.getAll("x"), []);
  ok(form.getAll("a") !== form.getAll("a"));
  equal(form.has("b"), true);
  equal(form.has("B"), false);
  equal(form.has("\udfff"), true);
  equal(form.delete("a"), undefined);
  equal(form.delete("x"), undefined);
  equal(show(form), "b=2,\ufffd=undefined");
  equal(form.append("c", ""), undefined);
  for (const name of ["append", "set"]) {
    throws(TypeError, () => form[name]());
    throws(TypeError, () => form[name]("a"));
    throws(TypeError, () => form[name]("a", "b", "c"));
    throws(TypeError, () => form[name]("a", "b", undefined));
    throws(TypeError, () => form[name]("a", {}, "c"));
  }
  for (const name of ["get", "getAll", "has", "delete"]) throws(TypeError, () => form[name]());
});

test("set", () => {
  const form = filled(["a", "1"], ["b", "2"], ["a", "3"], ["c", "4"]);
  form.set("a", "new");
  form.set("d", "5");
  equal(show(form), "a=new,b=2,c=4,d=5");
  form.set("b", new Blob(["x"]), "name");
  equal(show(form), "a=new,b=[name],c=4,d=5");
});

test("Blobs and Files", async () => {
  const form = new FormData();
  const blob = new Blob(["abc"], { type: "a/b" });
  const file = new File(["def"], "f.txt", { type: "c/d", lastModified: 123 });
  form.append("blob", blob);
  form.append("named", blob, "n\ud800");
  form.append("file", file);
  form.append("renamed", file, "r");
  form.append("undefined", file, undefined);
  const made = form.get("blob");
  ok(made instanceof File && made !== blob);
  equal(made.name, "blob");
  equal(made.type, "a/b");
  ok(Math.abs(made.lastModified - Date.now()) < 60000);
  equal(await made.text(), "abc");
  equal(form.get("blob"), made, "the same object each time");
  equal(form.getAll("blob")[0], made);
  equal(form.get("named").name, "n\ufffd");
  equal(form.get("file"), file);
  equal(form.get("undefined"), file);
  ok(form.get("renamed") !== file);
  equal(form.get("renamed").name, "r");
  equal(form.get("renamed").lastModified, 123);
  equal(form.get("renamed").type, "c/d");
  for (const [name, value] of form) ok(value === form.get(name));
});

test("iteration", () => {
  const form = filled(["a", "1"], ["b", "2"]);
  arrayEqual([...form.keys()], ["a", "b"]);
  arrayEqual([...form.values()], ["1", "2"]);
  equal(String(form.entries()), "[object FormData Iterator]");
  const seen = [];
  const self = {};
  form.forEach(function (value, name, object) {
    ok(this === self && object === form);
    seen.push(name + value);
    if (name === "a") form.append("c", "3");
  }, self);
  arrayEqual(seen, ["a1", "b2", "c3"]);
  throws(TypeError, () => form.forEach());
  throws(TypeError, () => form.forEach(1));
  // Entries that go and come while it iterates.
  const iterator = form[Symbol.iterator]();
  arrayEqual(iterator.next().value, ["a", "1"]);
  form.delete("a");
  arrayEqual(iterator.next().value, ["c", "3"]);
  ok(iterator.next().done);
});

test("collection", () => {
  // A File object that only the form holds, and a cycle through it.
  const form = new FormData();
  let file = new File(["x"], "n");
  file.mark = "kept";
  file.form = form;
  form.append("f", file);
  file = null;
  gc();
  equal(form.get("f").mark, "kept");
  for (let i = 0; i < 1000; i++) {
    const one = new FormData();
    const other = new File(["x"], "n");
    other.form = one;
    one.append("f", other);
  }
  gc();
});
