/* https://w3c.github.io/FileAPI/#APIASynch and https://w3c.github.io/FileAPI/#FileReaderSync */
#ifndef XHR__RUNTIME_FILE_READER_H
#define XHR__RUNTIME_FILE_READER_H

#include "runtime/realm.h"

extern const xhr__interface xhr__file_reader_interface;
extern const xhr__interface xhr__file_reader_sync_interface;

#endif
