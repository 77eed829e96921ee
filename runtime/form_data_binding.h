/* https://xhr.spec.whatwg.org/#interface-formdata */
#ifndef XHR__RUNTIME_FORM_DATA_BINDING_H
#define XHR__RUNTIME_FORM_DATA_BINDING_H

#include "file/form_data.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__form_data_interface;
extern const xhr__interface xhr__form_data_iterator_interface;

/* The entries of a FormData object, borrowed as long as the value lives; NULL for any other value. Never throws. */
const xhr_form_data *xhr__form_data_of(JSValueConst value);

#endif
