#include "mime/mime_type_groups.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_one_of(xhr__str string, const char *const *list, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (xhr__str_equals_ci(string, xhr__str_c(list[i])))
      return true;
  }
  return false;
}

static bool type_is(const xhr__mime_type *mime_type, xhr__str type) {
  return xhr__str_equals(xhr__mime_type_type(mime_type), type);
}

static bool subtype_ends_in(const xhr__mime_type *mime_type, xhr__str suffix) {
  return xhr__str_ends_with(xhr__mime_type_subtype(mime_type), suffix);
}

/* https://mimesniff.spec.whatwg.org/#image-mime-type */
bool xhr__is_image_mime_type(const xhr__mime_type *mime_type) {
  return type_is(mime_type, XHR__STR("image"));
}

/* https://mimesniff.spec.whatwg.org/#audio-or-video-mime-type */
bool xhr__is_audio_or_video_mime_type(const xhr__mime_type *mime_type) {
  return type_is(mime_type, XHR__STR("audio")) || type_is(mime_type, XHR__STR("video")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("application/ogg"));
}

/* https://mimesniff.spec.whatwg.org/#font-mime-type */
bool xhr__is_font_mime_type(const xhr__mime_type *mime_type) {
  static const char *const essences[] = {
      "application/font-cff",        "application/font-otf",  "application/font-sfnt",
      "application/font-ttf",        "application/font-woff", "application/vnd.ms-fontobject",
      "application/vnd.ms-opentype",
  };
  return type_is(mime_type, XHR__STR("font")) ||
         is_one_of(xhr__mime_type_essence(mime_type), essences, COUNT(essences));
}

/* https://mimesniff.spec.whatwg.org/#zip-based-mime-type */
bool xhr__is_zip_based_mime_type(const xhr__mime_type *mime_type) {
  return subtype_ends_in(mime_type, XHR__STR("+zip")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("application/zip"));
}

/* https://mimesniff.spec.whatwg.org/#archive-mime-type */
bool xhr__is_archive_mime_type(const xhr__mime_type *mime_type) {
  static const char *const essences[] = {"application/x-rar-compressed", "application/zip",
                                         "application/x-gzip"};
  return is_one_of(xhr__mime_type_essence(mime_type), essences, COUNT(essences));
}

/* https://mimesniff.spec.whatwg.org/#xml-mime-type */
bool xhr__is_xml_mime_type(const xhr__mime_type *mime_type) {
  return subtype_ends_in(mime_type, XHR__STR("+xml")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("text/xml")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("application/xml"));
}

/* https://mimesniff.spec.whatwg.org/#html-mime-type */
bool xhr__is_html_mime_type(const xhr__mime_type *mime_type) {
  return xhr__mime_type_essence_is(mime_type, XHR__STR("text/html"));
}

/* https://mimesniff.spec.whatwg.org/#scriptable-mime-type */
bool xhr__is_scriptable_mime_type(const xhr__mime_type *mime_type) {
  return xhr__is_xml_mime_type(mime_type) || xhr__is_html_mime_type(mime_type) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("application/pdf"));
}

/* https://mimesniff.spec.whatwg.org/#javascript-mime-type-essence-match */
bool xhr__is_javascript_mime_type_essence_match(xhr__str string) {
  static const char *const essences[] = {
      "application/ecmascript",
      "application/javascript",
      "application/x-ecmascript",
      "application/x-javascript",
      "text/ecmascript",
      "text/javascript",
      "text/javascript1.0",
      "text/javascript1.1",
      "text/javascript1.2",
      "text/javascript1.3",
      "text/javascript1.4",
      "text/javascript1.5",
      "text/jscript",
      "text/livescript",
      "text/x-ecmascript",
      "text/x-javascript",
  };
  return is_one_of(string, essences, COUNT(essences));
}

/* https://mimesniff.spec.whatwg.org/#javascript-mime-type */
bool xhr__is_javascript_mime_type(const xhr__mime_type *mime_type) {
  return xhr__is_javascript_mime_type_essence_match(xhr__mime_type_essence(mime_type));
}

/* https://mimesniff.spec.whatwg.org/#json-mime-type */
bool xhr__is_json_mime_type(const xhr__mime_type *mime_type) {
  return subtype_ends_in(mime_type, XHR__STR("+json")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("application/json")) ||
         xhr__mime_type_essence_is(mime_type, XHR__STR("text/json"));
}

/* https://mimesniff.spec.whatwg.org/#minimize-a-supported-mime-type */
xhr__str xhr__minimize_supported_mime_type(const xhr__mime_type *mime_type, bool supported) {
  /* 1. JavaScript */
  if (xhr__is_javascript_mime_type(mime_type))
    return XHR__STR("text/javascript");
  /* 2. JSON */
  if (xhr__is_json_mime_type(mime_type))
    return XHR__STR("application/json");
  /* 3. SVG */
  if (xhr__mime_type_essence_is(mime_type, XHR__STR("image/svg+xml")))
    return XHR__STR("image/svg+xml");
  /* 4. XML */
  if (xhr__is_xml_mime_type(mime_type))
    return XHR__STR("application/xml");
  /* 5. supported: its essence; 6. else nothing */
  return supported ? xhr__mime_type_essence(mime_type) : XHR__STR_EMPTY;
}
