/* https://html.spec.whatwg.org/#htmlfieldsetelement, #htmllegendelement, #htmllabelelement, #htmldatalistelement,
 * #htmloutputelement: what groups and names controls, and shows results */
#include "runtime/form_controls.h"

XHR__REFLECT_BOOLEAN(disabled, "disabled")
XHR__REFLECT_STRING(name, "name")
XHR__REFLECT_STRING(html_for, "for")

/* ---- HTMLFieldSetElement ---------------------------------------------------------------------------------------- */

static JSValue get_field_set_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewString(realm->js, "fieldset");
}

static JSValue get_elements(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__collection_of_slot(realm, self, XHR__SLOT_ELEMENTS, XHR__COLLECT_FIELD_SET_ELEMENTS);
}

static const xhr__member field_set_members[] = {
    XHR__DEFINE_ATTRIBUTE("disabled", get_disabled, set_disabled),
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_READONLY("type", get_field_set_type),
    XHR__DEFINE_READONLY("elements", get_elements),
};

const xhr__interface xhr__html_field_set_element_interface = {
    XHR__HTML_INTERFACE("HTMLFieldSetElement", field_set_members),
};

/* ---- HTMLLegendElement ------------------------------------------------------------------------------------------ */

/* https://html.spec.whatwg.org/#dom-legend-form */
static JSValue get_legend_form(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_node_t *parent = xhr__self_node(self)->parent;
  (void)this_value;
  lxb_dom_element_t *form = parent && xhr__node_is_html(parent, LXB_TAG_FIELDSET)
                                ? xhr__form_owner((const void *)parent)
                                : NULL;
  return form ? xhr__node_wrap(realm, &form->node) : JS_NULL;
}

static const xhr__member legend_members[] = {
    XHR__DEFINE_READONLY("form", get_legend_form),
};

const xhr__interface xhr__html_legend_element_interface = {
    XHR__HTML_INTERFACE("HTMLLegendElement", legend_members),
};

/* ---- HTMLLabelElement ------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#category-label */
static bool is_labelable(const lxb_dom_node_t *node) {
  if (xhr__node_is_html(node, LXB_TAG_INPUT))
    return xhr__input_type_of((const void *)node) != XHR__INPUT_HIDDEN;
  return xhr__node_is_submittable(node) || xhr__node_is_html(node, LXB_TAG_METER) ||
         xhr__node_is_html(node, LXB_TAG_OUTPUT) || xhr__node_is_html(node, LXB_TAG_PROGRESS);
}

/* https://html.spec.whatwg.org/#labeled-control */
static lxb_dom_node_t *labeled_control(lxb_dom_node_t *label) {
  lxb_dom_node_t *node;
  xhr__str id;
  if (xhr__element_attribute(lxb_dom_interface_element(label), XHR__STR("for"), &id)) {
    node = id.len > 0 ? xhr__element_by_id(xhr__node_root(label), id) : NULL;
    return node && is_labelable(node) ? node : NULL;
  }
  node = xhr__node_following(label, label);
  while (node && !is_labelable(node))
    node = xhr__node_following(node, label);
  return node;
}

static JSValue get_control(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__node_wrap(realm, labeled_control(xhr__self_node(self)));
}

/* https://html.spec.whatwg.org/#dom-label-form */
static JSValue get_label_form(xhr__realm *realm, void *self, JSValueConst this_value) {
  const lxb_dom_node_t *control = labeled_control(xhr__self_node(self));
  (void)this_value;
  /* 1. - 2. meter and progress elements are not form-associated */
  bool associated = control && (xhr__node_is_listed(control));
  /* 3. */
  lxb_dom_element_t *form = associated ? xhr__form_owner((const void *)control) : NULL;
  return form ? xhr__node_wrap(realm, &form->node) : JS_NULL;
}

static const xhr__member label_members[] = {
    XHR__DEFINE_READONLY("form", get_label_form),
    XHR__DEFINE_ATTRIBUTE("htmlFor", get_html_for, set_html_for),
    XHR__DEFINE_READONLY("control", get_control),
};

const xhr__interface xhr__html_label_element_interface = {
    XHR__HTML_INTERFACE("HTMLLabelElement", label_members),
};

/* ---- HTMLDataListElement ---------------------------------------------------------------------------------------- */

static JSValue get_options(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__collection_of_slot(realm, self, XHR__SLOT_OPTIONS, XHR__COLLECT_DATA_LIST);
}

static const xhr__member data_list_members[] = {
    XHR__DEFINE_READONLY("options", get_options),
};

const xhr__interface xhr__html_data_list_element_interface = {
    XHR__HTML_INTERFACE("HTMLDataListElement", data_list_members),
};

/* ---- HTMLOutputElement ------------------------------------------------------------------------------------------ */

static JSValue get_output_type(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewString(realm->js, "output");
}

static const xhr__member output_members[] = {
    XHR__DEFINE_READONLY("form", xhr__control_get_form),
    XHR__DEFINE_ATTRIBUTE("name", get_name, set_name),
    XHR__DEFINE_READONLY("type", get_output_type),
};

const xhr__interface xhr__html_output_element_interface = {
    XHR__HTML_INTERFACE("HTMLOutputElement", output_members),
};
