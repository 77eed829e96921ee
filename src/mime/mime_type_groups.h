/* https://mimesniff.spec.whatwg.org/#mime-type-groups */
#ifndef XHR__MIME_MIME_TYPE_GROUPS_H
#define XHR__MIME_MIME_TYPE_GROUPS_H

#include "mime/mime_type.h"

bool xhr__is_image_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_audio_or_video_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_font_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_zip_based_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_archive_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_xml_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_html_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_scriptable_mime_type(const xhr__mime_type *mime_type);
bool xhr__is_javascript_mime_type(const xhr__mime_type *mime_type);
/* For any string, ASCII case-insensitively. */
bool xhr__is_javascript_mime_type_essence_match(xhr__str string);
bool xhr__is_json_mime_type(const xhr__mime_type *mime_type);

/* https://mimesniff.spec.whatwg.org/#minimize-a-supported-mime-type
 * `supported`: whether the user agent supports the type. Constant, or borrowed from the record. */
xhr__str xhr__minimize_supported_mime_type(const xhr__mime_type *mime_type, bool supported);

#endif
