/* https://xhr.spec.whatwg.org/#interface-formdata */
#ifndef XHR__RUNTIME_FORM_DATA_BINDING_H
#define XHR__RUNTIME_FORM_DATA_BINDING_H

#include "file/form_data.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__form_data_interface;
extern const xhr__interface xhr__form_data_iterator_interface;

/* A new FormData object with a copy of the entries. JS_EXCEPTION. */
JSValue xhr__form_data_new(xhr__realm *realm, const xhr_form_data *entries);
/* Appends a File object, which get() gives back, to the list of a FormData object. False where it threw. */
bool xhr__form_data_append_file(xhr__realm *realm, xhr_form_data *to, xhr__str name,
                                JSValueConst file);
/* Makes a list what a FormData object holds. False where it threw. */
bool xhr__form_data_copy(xhr__realm *realm, xhr_form_data *to, JSValueConst from);
/* The entries of a FormData object, borrowed as long as the value lives; NULL for any other value. Never throws. */
const xhr_form_data *xhr__form_data_of(JSValueConst value);

#endif
