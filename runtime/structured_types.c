/* The platform objects that can be serialized and transferred: each type's steps are beside its interface. */
#include "runtime/blob_binding.h"
#include "runtime/dom_exception.h"
#include "runtime/file_list.h"
#include "runtime/message_port.h"
#include "runtime/structured_data.h"

const xhr__serializable *const xhr__serializables[] = {
    &xhr__blob_serializable,
    &xhr__file_serializable,
    &xhr__file_list_serializable,
    &xhr__dom_exception_serializable,
};
const size_t xhr__serializable_count = sizeof xhr__serializables / sizeof *xhr__serializables;

const xhr__transferable *const xhr__transferables[] = {
    &xhr__message_port_transferable,
};
const size_t xhr__transferable_count = sizeof xhr__transferables / sizeof *xhr__transferables;
