/* https://w3c.github.io/FileAPI/#dfn-filereader */
#ifndef XHR__RUNTIME_FILE_READER_H
#define XHR__RUNTIME_FILE_READER_H

#include "runtime/realm.h"

extern const xhr__interface xhr__file_reader_interface;

#endif
