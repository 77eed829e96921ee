/* https://w3c.github.io/FileAPI/#filelist-section */
#ifndef XHR__RUNTIME_FILE_LIST_H
#define XHR__RUNTIME_FILE_LIST_H

#include "runtime/structured_data.h"

extern const xhr__interface xhr__file_list_interface;
extern const xhr__serializable xhr__file_list_serializable;

/* A FileList of those File objects, of which each gets a reference. JS_EXCEPTION. */
JSValue xhr__file_list_new(xhr__realm *realm, size_t count, JSValueConst *files);
/* How many a FileList holds, and one of them, borrowed. 0 and JS_UNDEFINED for any other value. */
size_t xhr__file_list_length(JSValueConst list);
JSValueConst xhr__file_list_item(JSValueConst list, size_t index);

#endif
