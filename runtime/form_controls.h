/* https://html.spec.whatwg.org/#form-control-infrastructure: what HTMLFormElement, its controls and FormData share. */
#ifndef XHR__RUNTIME_FORM_CONTROLS_H
#define XHR__RUNTIME_FORM_CONTROLS_H

#include "runtime/form_data_binding.h"
#include "runtime/html_elements.h"

/* https://html.spec.whatwg.org/#category-listed and #category-submit */
bool xhr__is_listed(const lxb_dom_node_t *node);
bool xhr__is_submittable(const lxb_dom_node_t *node);
/* https://html.spec.whatwg.org/#concept-submit-button */
bool xhr__is_submit_button(const lxb_dom_node_t *node);
/* https://html.spec.whatwg.org/#form-owner; NULL.
 * NOTE: what the parser associates where a form is not an ancestor is not kept */
lxb_dom_node_t *xhr__form_owner(const lxb_dom_node_t *node);
/* https://html.spec.whatwg.org/#concept-fe-disabled, and of options https://html.spec.whatwg.org/#concept-option-disabled */
bool xhr__is_disabled(const lxb_dom_node_t *node);
/* Whether an input's type attribute is that one: "text" for those that are none. */
bool xhr__input_type_is(const lxb_dom_node_t *node, const char *type);
/* https://html.spec.whatwg.org/#concept-fe-checked of an input. */
bool xhr__is_checked(const lxb_dom_node_t *node);
/* https://html.spec.whatwg.org/#concept-option-selectedness */
bool xhr__is_selected(const lxb_dom_node_t *option);
/* https://html.spec.whatwg.org/#concept-select-option-list, one after the other: the first with `option` NULL; NULL behind the last. */
lxb_dom_node_t *xhr__next_option(const lxb_dom_node_t *select, const lxb_dom_node_t *option);
/* https://html.spec.whatwg.org/#concept-fe-value of an input, a textarea, a button, an option: appends WTF-8. False where it
 * threw. */
bool xhr__control_value(xhr__realm *realm, const lxb_dom_node_t *node, xhr__bytes *out);

/* https://html.spec.whatwg.org/#constructing-the-form-data-set: appends to `list`, and fires formdata. `submitter` may be NULL.
 * False where it threw. */
bool xhr__construct_entry_list(xhr__realm *realm, lxb_dom_node_t *form,
                               const lxb_dom_node_t *submitter, xhr_form_data *list);

/* https://html.spec.whatwg.org/#the-formdataevent-interface */
extern const xhr__interface xhr__form_data_event_interface;
/* The event "formdata" of an entry list's FormData. The caller's. */
JSValue xhr__form_data_event_new(xhr__realm *realm, JSValueConst form_data);

#endif
