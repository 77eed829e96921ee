/* https://html.spec.whatwg.org/#the-htmloptionscollection-interface: what it changes, the select element changes */
#include "runtime/form_controls.h"
#include "runtime/legacy_platform_object.h"

/* Calls, sets or gets what the select element has under the same name. */
static xhr__js_node *select_of(void *self) {
  return xhr__collection_root(self);
}

static JSValue add(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                   JSValueConst *argv) {
  (void)this_value;
  return xhr__select_add(realm, select_of(self), select_of(self)->self, argc, argv);
}

static JSValue remove_option(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)this_value;
  return xhr__select_remove(realm, select_of(self), select_of(self)->self, argc, argv);
}

static JSValue get_selected_index(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__select_get_selected_index(realm, select_of(self), select_of(self)->self);
}

static bool set_selected_index(xhr__realm *realm, void *self, JSValueConst this_value,
                               JSValueConst value) {
  (void)this_value;
  return xhr__select_set_selected_index(realm, select_of(self), select_of(self)->self, value);
}

static const xhr__legacy_properties properties = {
    .length = xhr__collection_length,
    .indexed = xhr__collection_at,
    .named = xhr__collection_named,
    .names = xhr__collection_names,
    .unenumerable = true,
};

static const xhr__member members[] = {
    XHR__DEFINE_OPERATION("add", 1, add),
    XHR__DEFINE_OPERATION("remove", 1, remove_option),
    XHR__DEFINE_ATTRIBUTE("selectedIndex", get_selected_index, set_selected_index),
    XHR__DEFINE_ARRAY_ITERATOR,
};

const xhr__interface xhr__html_options_collection_interface = {
    .name = "HTMLOptionsCollection",
    .inherits = &xhr__html_collection_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .legacy = &properties,
    .finalize = xhr__collection_finalize,
    .mark = xhr__collection_mark,
};
