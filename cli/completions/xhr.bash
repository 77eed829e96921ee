# Completion of the command xhr for bash; installed as share/bash-completion/completions/xhr.

# Appends to COMPREPLY the files that the word $1 begins to name, each with $2 before it; with $3, names that match it.
_xhr_files() {
  local name
  compopt -o filenames 2>/dev/null
  while IFS= read -r name; do
    # shellcheck disable=SC2053  # a pattern is wanted
    if [[ -z ${3:-} || -d $name || $name == $3 ]]; then
      COMPREPLY+=("${2:-}$name")
    fi
  done < <(compgen -f -- "$1")
}

_xhr_words() {
  local word
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen -W "$1" -- "$2")
}

_xhr() {
  local all="--cacert --cert --key --insecure -k --resolve --proxy -x --timeout -m --help -h --version -V"
  local both="--base --origin"
  local fetch="--request -X --header -H --data -d --form -F --upload-file -T --user -u --output -o --remote-name -O
    --include -i --fail -f --verbose -v --silent -s"
  local run="--eval -e --module"
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} index script=
  COMPREPLY=()

  # Behind the script's name all is the script's.
  if [[ ${COMP_WORDS[1]} == run && $COMP_CWORD -gt 1 ]]; then
    for ((index = 2; index < COMP_CWORD; index++)); do
      case ${COMP_WORDS[index]} in
        --base | --cacert | --cert | --key | --resolve | --proxy | -x | --origin | --timeout | -m) ((index++)) ;;
        --eval | -e)
          ((index++))
          script=1
          ;;
        -*) ;;
        *) script=1 ;;
      esac
    done
    [[ -n $script ]] && _xhr_files "$word" && return
  fi

  case $before in
    --cacert | --cert | --key | --upload-file | -T | --output | -o)
      _xhr_files "$word"
      return
      ;;
    --data | -d)
      [[ $word == @* ]] && _xhr_files "${word#@}" @
      return
      ;;
    --form | -F)
      [[ $word == *=@* ]] && _xhr_files "${word#*=@}" "${word%%=@*}=@"
      return
      ;;
    --request | -X)
      _xhr_words "GET HEAD POST PUT PATCH DELETE OPTIONS" "$word"
      return
      ;;
    --header | -H)
      compopt -o nospace 2>/dev/null
      _xhr_words "Accept: Accept-Language: Authorization: Content-Type: Cookie: If-None-Match: Range: User-Agent:" "$word"
      return
      ;;
    --base | --resolve | --proxy | -x | --origin | --timeout | -m | --user | -u | --eval | -e) return ;;
  esac

  if [[ ${COMP_WORDS[1]} == run && $COMP_CWORD -gt 1 ]]; then
    if [[ $word == -* ]]; then
      _xhr_words "$run $both $all" "$word"
    else
      _xhr_files "$word" "" "*.@(js|mjs)"
    fi
  elif [[ ${COMP_WORDS[1]} == page && $COMP_CWORD -gt 1 ]]; then
    if [[ $word == -* ]]; then
      _xhr_words "$all" "$word"
    else
      _xhr_files "$word" "" "*.@(html|htm)"
    fi
  elif [[ $word == -* ]]; then
    _xhr_words "$fetch $both $all" "$word"
  elif [[ $COMP_CWORD -eq 1 ]]; then
    compopt -o nospace 2>/dev/null
    _xhr_words "run page https:// http://" "$word"
  fi
}

shopt -s extglob
complete -F _xhr xhr
