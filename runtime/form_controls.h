/* https://html.spec.whatwg.org/#form-control-infrastructure: what the interfaces of forms, of controls and FormData share. */
#ifndef XHR__RUNTIME_FORM_CONTROLS_H
#define XHR__RUNTIME_FORM_CONTROLS_H

#include "dom/form_control.h"
#include "runtime/form_data_binding.h"
#include "runtime/html_elements.h"
#include "runtime/node_collections.h"

/* ---- members that controls have in common ----------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-fae-form */
xhr__getter xhr__control_get_form;
/* The value as a string, of xhr__form_control_value. */
JSValue xhr__control_get_value(xhr__realm *realm, void *self);
/* https://html.spec.whatwg.org/#dom-fs-action and #dom-fs-formaction: the document's URL where there is none. */
JSValue xhr__control_get_action(xhr__realm *realm, void *self, const char *attribute);
/* https://html.spec.whatwg.org/#dom-fs-method and others: `otherwise` where the attribute is none of them, `missing` where there is none. */
JSValue xhr__control_get_method(xhr__realm *realm, void *self, const char *attribute,
                                const char *missing);
JSValue xhr__control_get_enctype(xhr__realm *realm, void *self, const char *attribute,
                                 const char *missing);

/* runtime/html_form_controls_collection.c: whether the node is among the form's elements, and what the form's HTMLFormControlsCollection has
 * under a name: an Element, a RadioNodeList or null. */
bool xhr__is_form_element(const lxb_dom_element_t *form, const lxb_dom_node_t *node);
JSValue xhr__form_controls_named(xhr__realm *realm, JSValueConst elements, xhr__str name);
/* runtime/html_select_element.c: members that its HTMLOptionsCollection has, too. */
xhr__operation xhr__select_add, xhr__select_remove;
xhr__getter xhr__select_get_selected_index;
xhr__setter xhr__select_set_selected_index;
/* runtime/html_input_element.c: of an input element, no file is selected any more; nothing of any other. */
void xhr__forget_files(xhr__realm *realm, lxb_dom_node_t *node);

/* formAction, formEnctype, formMethod, formNoValidate, formTarget of submit buttons: https://html.spec.whatwg.org/#form-submission-attributes */
extern const xhr__mixin xhr__form_submission_attributes;

/* ---- entry lists ------------------------------------------------------------------------------------------------ */

/* https://html.spec.whatwg.org/#constructing-the-form-data-set: appends to `list`, and fires formdata. `submitter` may be NULL.
 * False where it threw. */
bool xhr__construct_entry_list(xhr__realm *realm, lxb_dom_element_t *form,
                               const lxb_dom_element_t *submitter, xhr_form_data *list);

/* https://html.spec.whatwg.org/#the-formdataevent-interface */
extern const xhr__interface xhr__form_data_event_interface;
/* The event "formdata" of an entry list's FormData. The caller's. */
JSValue xhr__form_data_event_new(xhr__realm *realm, JSValueConst form_data);

#endif
