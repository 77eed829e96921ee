/* https://encoding.spec.whatwg.org/#api */
#ifndef XHR__RUNTIME_TEXT_ENCODING_H
#define XHR__RUNTIME_TEXT_ENCODING_H

#include "runtime/realm.h"

extern const xhr__interface xhr__text_encoder_interface;
extern const xhr__interface xhr__text_decoder_interface;

#endif
